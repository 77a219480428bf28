// "/" in the composer: canned messages, put in with the ticket's values. What is still in braces is marked.
import { Extension } from "@tiptap/core";
import { Plugin, PluginKey } from "@tiptap/pm/state";
import { Decoration, DecorationSet } from "@tiptap/pm/view";
import { Suggestion } from "@tiptap/suggestion";
import { listAtCursor } from "./mention";
import type { Choice } from "../../../ui/ts/option";

export interface CannedWishes {
  find: (text: string) => Promise<Choice[]>;
  /** The HTML to put in, "" when nothing came. */
  fill: (id: string) => Promise<string>;
}

const BRACES = /\{\{[^{}]*\}\}/g;

/** A yellow ground under each placeholder that nobody has filled in. */
const marks = new Plugin({
  key: new PluginKey("placeholders"),
  props: {
    decorations: (state) => {
      const found: Decoration[] = [];
      state.doc.descendants((node, at) => {
        for (const match of node.text?.matchAll(BRACES) ?? []) {
          const from = at + match.index;
          found.push(Decoration.inline(from, from + match[0].length, { class: "placeholder" }));
        }
      });
      return DecorationSet.create(state.doc, found);
    },
  },
});

export const Canned = (wishes: CannedWishes): Extension =>
  Extension.create({
    name: "canned",
    addProseMirrorPlugins() {
      const { editor } = this;
      return [
        marks,
        Suggestion<Choice, Choice>({
          editor,
          pluginKey: new PluginKey("canned"),
          char: "/",
          items: ({ query }) => wishes.find(query),
          command: ({ editor: into, range, props }) => {
            into.chain().focus().deleteRange(range).run();
            void wishes.fill(props.value).then((html) => html && into.chain().focus().insertContent(html).run());
          },
          render: listAtCursor((props, choice) => props.command(choice)),
        }),
      ];
    },
  });
