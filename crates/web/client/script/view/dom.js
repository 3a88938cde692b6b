/** Elements without a framework: one function creates them, and lists keep what is on the page already. */

/** @typedef {Node | string | false | null | undefined} Child */
/** @typedef {Record<string, unknown>} Props */

/**
 * Creates an element. Props that begin with `on` are listeners, true and false are attributes that are
 * present or not, everything else is an attribute. Text is only ever set as text.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag | `${Tag}.${string}`} name the tag, and classes behind dots
 * @param {Props} [props]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(name, props = {}, ...children) {
  const [tag = "div", ...classes] = name.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.classList.add(...classes);
  for (const [key, value] of Object.entries(props)) set(element, key, value);
  element.append(...children.filter(isShown));
  return /** @type {HTMLElementTagNameMap[Tag]} */ (element);
}

/** @param {Child} child @returns {child is Node | string} */
const isShown = (child) => child !== null && child !== undefined && child !== false && child !== "";

/** @param {HTMLElement} element @param {string} key @param {unknown} value */
function set(element, key, value) {
  if (value === undefined || value === null) return;
  if (key.startsWith("on")) element.addEventListener(key.slice(2), /** @type {EventListener} */ (value));
  else if (typeof value === "boolean" && !key.startsWith("aria-")) element.toggleAttribute(key, value);
  else element.setAttribute(key, String(value));
}

/** Replaces the children of an element. @param {Element} parent @param {...Child} children */
export function fill(parent, ...children) {
  parent.replaceChildren(...children.filter(isShown));
}

/** Changes a text only if it differs, so that nobody who reads or selects it is disturbed. @param {Node} node @param {string} text */
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * Makes the children of an element match a list: existing ones are kept and updated, new ones are created,
 * obsolete ones are removed, and nothing is moved that is in its place.
 *
 * @template Item
 * @template {HTMLElement} Made
 * @param {Element} parent
 * @param {Item[]} items
 * @param {{ key: (item: Item) => string, make: (item: Item) => Made, update?: (element: Made, item: Item) => void }} how
 */
export function keyed(parent, items, { key, make, update }) {
  /** @type {Map<string, Made>} */
  const known = new Map();
  for (const child of /** @type {Iterable<Made>} */ (parent.children)) known.set(child.dataset["key"] ?? "", child);
  /** @type {Element | null} */
  let next = parent.firstElementChild;
  const wanted = new Set(items.map(key));
  for (const item of items) {
    const name = key(item);
    while (next && !wanted.has(/** @type {HTMLElement} */ (next).dataset["key"] ?? "")) {
      const gone = next;
      next = next.nextElementSibling;
      gone.remove();
    }
    let element = known.get(name);
    if (!element) {
      element = make(item);
      element.dataset["key"] = name;
    }
    update?.(element, item);
    if (element === next) next = next.nextElementSibling;
    else parent.insertBefore(element, next);
  }
  while (next) {
    const gone = next;
    next = next.nextElementSibling;
    gone.remove();
  }
}

/** Batches calls: does something once, in a microtask, however often it is called until then. @param {() => void} work */
export function batched(work) {
  let due = false;
  return () => {
    if (due) return;
    due = true;
    queueMicrotask(() => {
      due = false;
      work();
    });
  };
}

/** A button with an icon, and a label for screen readers. @param {Node} icon @param {string} label @param {(event: MouseEvent) => void} onclick @param {Props} [props] */
export function iconButton(icon, label, onclick, props = {}) {
  return el("button.icon-button", { type: "button", "aria-label": label, title: label, onclick, ...props }, icon);
}
