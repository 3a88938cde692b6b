/** A summary of what one missed, in a few lines, each of which links to its source. */

import { el, fill } from "../dom.js";
import { icon } from "../icons.js";
import { words } from "../toast.js";
import { Problem } from "../../wire/problem.js";
import { nothing } from "./lines.js";
import { clock, counted } from "../../text/words.js";

/** @import { RoomView } from "../room.js" */
/** @import { Scope } from "../scope.js" */
/** @import { Summary } from "../../wire/types.js" */

/** @param {RoomView} view @param {Scope} scope */
export function summaryPanel(view, scope) {
  const body = el("div.panel-body", { "aria-live": "polite" });
  const asking = new AbortController();
  scope.atEnd(() => asking.abort());
  const read = async (/** @type {number | "read" | "join"} */ since) => {
    body.setAttribute("aria-busy", "true");
    fill(body, el("div.summary-wait", {}, icon("spark"), el("p", {}, "Reading what was said…")));
    const sofar = el("p.summary-text");
    const hear = (/** @type {string} */ piece) => {
      if (!sofar.isConnected) fill(body, sofar);
      sofar.append(piece);
    };
    try {
      const summary = await view.chat.summary(view.id, since, hear, asking.signal);
      if (asking.signal.aborted) return;
      fill(body, ...(summary.messageCount ? told(view, summary) : missedNothing(since === "join" ? null : () => void read("join"))));
    } catch (error) {
      if (asking.signal.aborted) return;
      const isTooMany = error instanceof Problem && error.code === "rate_limited";
      fill(body, el("p.trouble", {}, isTooMany ? "That was asked for often. Try again in a while." : words(error)));
    } finally {
      body.removeAttribute("aria-busy");
    }
  };
  // From the position at which one came: what is on the screen has been read since.
  void read(view.timeline.cameAt ?? "read");
  return { title: "What did I miss?", content: [body] };
}

/** @param {(() => void) | null} readAll */
function missedNothing(readAll) {
  return [
    nothing("check", "You missed nothing", "Everything here is read.", icon),
    readAll && el("button.button.wide", { type: "button", onclick: readAll }, "Sum up what was said since I came"),
  ];
}

/** @param {RoomView} view @param {Summary} summary */
function told(view, summary) {
  const bullet = (/** @type {Summary["bullets"][number]} */ { text, seqs }) => el("li", {}, text, " ", ...seqs.map((seq) => citation(view, seq)));
  return [
    el("p.note", {}, counted(summary.messageCount, "message")),
    summary.bullets.length > 0 ? el("ul.bullets", {}, ...summary.bullets.map(bullet)) : el("p.summary-text", {}, summary.summary),
    el("p.note", {}, `Made by ${summary.model} at ${clock(summary.generatedAt)}. The numbers lead to what was said.${summary.degraded ? " The usual model did not answer." : ""}`),
  ];
}

/** @param {RoomView} view @param {number} seq */
function citation(view, seq) {
  const jump = () => {
    view.uncover();
    void view.jump(seq);
  };
  return el("button.citation", { type: "button", "aria-label": `Show message ${seq}`, onclick: jump }, String(seq));
}
