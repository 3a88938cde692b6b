/** Dialogs: the native ones, which trap the focus and close on Escape by themselves. */

import { el, iconButton } from "./dom.js";
import { icon } from "./icons.js";
import { Problem } from "../wire/problem.js";
import { words } from "./toast.js";

/** @import { Child } from "./dom.js" */

/** @type {Record<string, string>} */
const TAKEN = { email_taken: "email", username_taken: "username" };

/**
 * Shows a dialog until it is closed.
 *
 * @param {string} title
 * @param {(close: () => void) => Child[]} content
 * @param {string} [kind]
 */
export function showDialog(title, content, kind = "plain") {
  const dialog = el(`dialog.dialog.${kind}`, { "aria-labelledby": "dialog-title" });
  const close = () => dialog.close();
  dialog.append(
    el("header", {}, el("h2", { id: "dialog-title" }, title), iconButton(icon("close"), "Close", close)),
    el("div.dialog-body", {}, ...content(close)),
  );
  dialog.addEventListener("close", () => dialog.remove());
  // A click outside of it.
  dialog.addEventListener("pointerdown", (event) => {
    if (event.target === dialog) dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
  const first = dialog.querySelector("[autofocus], input, textarea, select");
  if (first instanceof HTMLElement) first.focus();
  return dialog;
}

/** Asks for confirmation of something that cannot be undone. @param {string} title @param {string} text @param {string} action @param {() => Promise<unknown>} work */
export function confirmDialog(title, text, action, work) {
  showDialog(title, (close) => [
    form([el("p", {}, text)], action, async () => {
      await work();
      close();
    }, { danger: true, cancel: close }),
  ], "small");
}

/**
 * A form that submits itself, shows its progress, and shows errors beside the fields.
 *
 * @param {Child[]} fields
 * @param {string} action
 * @param {(values: Record<string, string>, form: HTMLFormElement) => Promise<unknown>} work
 * @param {{ danger?: boolean, cancel?: () => void }} [how]
 */
export function form(fields, action, work, { danger = false, cancel } = {}) {
  const trouble = el("p.trouble", { role: "alert" });
  const submit = el(`button.button.${danger ? "danger" : "primary"}`, { type: "submit" }, action);
  const buttons = el("div.buttons", {}, cancel && el("button.button", { type: "button", onclick: cancel }, "Cancel"), submit);
  const element = el("form.form", { novalidate: true }, ...fields, trouble, buttons);
  element.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (submit.disabled) return;
    clear(element, trouble);
    submit.disabled = true;
    element.setAttribute("aria-busy", "true");
    try {
      const values = Object.fromEntries([...new FormData(element)].map(([name, value]) => [name, String(value)]));
      await work(values, element);
    } catch (error) {
      explain(element, trouble, error);
    } finally {
      submit.disabled = false;
      element.removeAttribute("aria-busy");
    }
  });
  return element;
}

/** @param {HTMLFormElement} element @param {HTMLElement} trouble */
function clear(element, trouble) {
  trouble.textContent = "";
  for (const note of element.querySelectorAll(".field-trouble")) note.textContent = "";
  for (const field of element.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
}

/** @param {HTMLFormElement} element @param {HTMLElement} trouble @param {unknown} error */
function explain(element, trouble, error) {
  const unplaced = [];
  for (const { field, message } of error instanceof Problem ? errorsOf(error) : []) {
    const input = element.elements.namedItem(field);
    const note = element.querySelector(`[data-trouble="${CSS.escape(field)}"]`);
    if (!(input instanceof HTMLElement) || !note) {
      unplaced.push(`${field} ${message}`);
      continue;
    }
    note.textContent = capital(message);
    input.setAttribute("aria-invalid", "true");
  }
  const first = element.querySelector("[aria-invalid]");
  if (first instanceof HTMLElement) first.focus();
  trouble.textContent = unplaced.length || !first ? capital(unplaced.join("; ") || words(error)) : "";
}

/** The fields that are to blame, also where only the code of the error tells which. @param {Problem} problem */
function errorsOf(problem) {
  const field = TAKEN[problem.code];
  return field ? [{ field, message: problem.message }] : problem.errors;
}

/** @param {string} text */
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * A field with its label, a hint, and a place for its error.
 *
 * @param {string} label
 * @param {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} input
 * @param {string} [hint]
 */
export function field(label, input, hint) {
  input.id ||= `field-${input.name}`;
  const note = `${input.id}-note`;
  input.setAttribute("aria-describedby", note);
  return el("div.field", {},
    el("label", { for: input.id }, label),
    input,
    el("p.note", { id: note }, el("span.field-trouble", { "data-trouble": input.name }), hint && el("span.hint", {}, hint)));
}

/** A choice of several options, each with an explanation. @param {string} name @param {{ value: string, title: string, text: string }[]} choices @param {string} chosen @param {string} legend */
export function choice(name, choices, chosen, legend) {
  return el("fieldset.choice", {}, el("legend", {}, legend), ...choices.map(({ value, title, text }) =>
    el("label", {},
      el("input", { type: "radio", name, value, checked: value === chosen }),
      el("span", {}, el("strong", {}, title), el("small", {}, text)))));
}
