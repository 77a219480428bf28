// The rich text editor, loaded when somebody begins to write. What it can do is what a mail can carry.
import { Editor, Extension, type Extensions } from "@tiptap/core";
import Image from "@tiptap/extension-image";
import Mention from "@tiptap/extension-mention";
import { Placeholder } from "@tiptap/extensions";
import StarterKit from "@tiptap/starter-kit";
import { Canned, type CannedWishes } from "./canned";
import { mentionMenu, type Colleague } from "./mention";

export interface Wishes {
  html: string;
  placeholder: string;
  label: string;
  /** Asks for colleagues whose name begins so; none in what goes out. */
  colleagues?: (text: string) => Promise<Colleague[]>;
  /** Finds canned messages and fills them in; none where there is no ticket yet. */
  canned?: CannedWishes;
  onChange: () => void;
  onSend: () => void;
  /** Files that were pasted or dropped into the text; those that are no pictures are attached. */
  onFiles: (files: File[]) => Promise<string[]>;
}

export interface Writing {
  html: () => string;
  isEmpty: () => boolean;
  text: () => string;
  set: (html: string) => void;
  focus: () => void;
  run: (mark: string, linkLabel: string) => void;
  isActive: (mark: string) => boolean;
  /** Put the sign at the cursor that opens a list, as if it were typed. */
  type: (sign: string) => void;
  onState: (call: () => void) => void;
}

const Sending = (onSend: () => void): Extension =>
  Extension.create({
    name: "sending",
    priority: 1000,
    addKeyboardShortcuts() {
      return { "Mod-Enter": () => (onSend(), true) };
    },
  });

const Named = Mention.extend({
  addAttributes() {
    return {
      id: { default: null, parseHTML: (element: HTMLElement) => element.dataset.mention },
      label: { default: null, parseHTML: (element: HTMLElement) => element.textContent?.replace(/^@/, "") },
    };
  },
  parseHTML() {
    return [{ tag: "span[data-mention]" }];
  },
  renderHTML({ node }) {
    return ["span", { "data-mention": String(node.attrs.id), class: "mention" }, `@${String(node.attrs.label)}`];
  },
});

function extensions(wishes: Wishes): Extensions {
  const found: Extensions = [
    StarterKit.configure({ heading: false, link: { openOnClick: false, autolink: true, defaultProtocol: "https" } }),
    Image.configure({ inline: true, allowBase64: false }),
    Placeholder.configure({ placeholder: wishes.placeholder }),
    Sending(wishes.onSend),
  ];
  if (wishes.colleagues) found.push(Named.configure({ suggestion: mentionMenu(wishes.colleagues) }));
  if (wishes.canned) found.push(Canned(wishes.canned));
  return found;
}

/** Make an editor inside `box`. */
export function makeEditor(box: HTMLElement, wishes: Wishes): Writing {
  const take = (editor: Editor, files: File[]): boolean => {
    if (!files.length) return false;
    void wishes.onFiles(files).then((addresses) => {
      for (const src of addresses) editor.chain().focus().setImage({ src }).run();
    });
    return true;
  };
  const editor: Editor = new Editor({
    element: box,
    extensions: extensions(wishes),
    content: wishes.html,
    injectCSS: false,
    editorProps: {
      attributes: { class: "composer__input message__text", role: "textbox", "aria-multiline": "true", "aria-label": wishes.label },
      handlePaste: (_view, event) => take(editor, [...(event.clipboardData?.files ?? [])]),
      handleDrop: (_view, event) => {
        const files = [...(event.dataTransfer?.files ?? [])];
        if (files.length) event.stopPropagation();
        return take(editor, files);
      },
    },
    onUpdate: wishes.onChange,
  });
  return {
    html: () => (editor.isEmpty ? "" : editor.getHTML()),
    isEmpty: () => editor.isEmpty,
    text: () => editor.getText(),
    set: (html) => editor.commands.setContent(html, { emitUpdate: false }),
    // At once: a key that is pressed meanwhile must not go to the page.
    focus: () => {
      editor.commands.setTextSelection(editor.state.doc.content.size);
      editor.view.focus();
    },
    run: (mark, linkLabel) => run(editor, mark, linkLabel),
    isActive: (mark) => editor.isActive(mark),
    type: (sign) => {
      const before = editor.state.selection.$from.nodeBefore?.text ?? "";
      editor.chain().focus().insertContent(before && !/\s$/.test(before) ? ` ${sign}` : sign).run();
    },
    onState: (call) => void editor.on("transaction", call),
  };
}

function run(editor: Editor, mark: string, linkLabel: string): void {
  const chain = editor.chain().focus();
  if (mark === "bold") chain.toggleBold().run();
  else if (mark === "italic") chain.toggleItalic().run();
  else if (mark === "bulletList") chain.toggleBulletList().run();
  else if (mark === "orderedList") chain.toggleOrderedList().run();
  else if (mark === "blockquote") chain.toggleBlockquote().run();
  else if (mark === "code") chain.toggleCode().run();
  else if (mark === "link") link(editor, linkLabel);
}

function link(editor: Editor, label: string): void {
  if (editor.isActive("link")) return void editor.chain().focus().unsetLink().run();
  const typed = window.prompt(label, "https://")?.trim();
  if (!typed || typed === "https://") return;
  const href = /^(https?:|mailto:|tel:)/i.test(typed) ? typed : `https://${typed}`;
  const chain = editor.chain().focus();
  if (editor.state.selection.empty) chain.insertContent({ type: "text", text: typed, marks: [{ type: "link", attrs: { href } }] }).run();
  else chain.setLink({ href }).run();
}
