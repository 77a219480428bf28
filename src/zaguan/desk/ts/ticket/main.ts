// What the page of a ticket and the form of a new one do beyond plain HTML; loaded only where there is one.
import { actions } from "./action";
import { chats } from "./chat";
import { composers } from "./composer";
import { frames } from "./frames";
import { keptForms } from "./kept-form";
import { macros } from "./macros";
import { messageMenus } from "./message-menu";
import { pendingFields } from "./pending";
import { presence } from "./presence";
import { refreshing } from "./refresh";
import { reading } from "./reading";
import { requesters } from "./requester";
import { shows } from "./shows";
import { sides } from "./sides";
import { tabCounts } from "./tabs";

/** Bind everything below `root`; what is bound already stays as it is. */
export function start(root: ParentNode): void {
  for (const behaviour of [frames, reading, shows, messageMenus, refreshing, presence, composers, pendingFields, requesters, tabCounts, macros, actions, chats, keptForms, sides]) {
    behaviour(root);
  }
}
