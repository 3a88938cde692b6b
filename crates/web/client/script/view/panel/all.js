/** The panels that can be shown beside a conversation, by name. */

import { detailsPanel } from "./details.js";
import { membersPanel } from "./members.js";
import { pinsPanel } from "./pins.js";
import { searchPanel } from "./search.js";
import { summaryPanel } from "./summary.js";
import { threadPanel } from "./thread.js";

/** @import { Child } from "../dom.js" */
/** @import { RoomView } from "../room.js" */
/** @import { Scope } from "../scope.js" */
/** @import { Message } from "../../wire/types.js" */

/** @typedef {{ title: string, content: Child[] }} Panel */
/** @typedef {"details" | "members" | "pins" | "search" | "summary" | "thread"} PanelName */

/** @type {Record<PanelName, (view: RoomView, scope: Scope, message?: Message) => Panel>} */
export const panels = {
  details: detailsPanel,
  members: membersPanel,
  pins: pinsPanel,
  search: searchPanel,
  summary: summaryPanel,
  thread: threadPanel,
};
