/**
 * Push notifications on this device while no page is open. The browser has a service worker and a
 * subscription; the server keeps the subscription as long as the session, so a page sends it again when it
 * starts.
 */

/** @import { Api } from "./api.js" */

const WORKER = "/worker.js";
/** Who turned it on in this browser: another user who signs in later did not. */
const KEPT = "tertulia.push";

/** Whether the browser supports it. Only pages in a secure context can. */
export const canPush = () => "serviceWorker" in navigator && "PushManager" in globalThis && "Notification" in globalThis;

export class Push {
  #api;
  #user;

  /** @param {Api} api @param {string} user */
  constructor(api, user) {
    this.#api = api;
    this.#user = user;
  }

  get isOn() {
    return localStorage.getItem(KEPT) === this.#user && Notification.permission === "granted";
  }

  /** Whether the browser and the server support it. */
  async isOffered() {
    return canPush() && (await this.#api.push()).enabled;
  }

  async turnOn() {
    const { publicKey } = await this.#api.push();
    if (!publicKey) throw new Error("This server tells no devices.");
    if (await Notification.requestPermission() !== "granted") throw new Error("Your browser does not let this page notify you. Its settings for this site say so.");
    await this.#subscribe(publicKey);
    localStorage.setItem(KEPT, this.#user);
  }

  async turnOff() {
    localStorage.removeItem(KEPT);
    await this.#api.forgetPush();
    const registration = await navigator.serviceWorker.getRegistration(WORKER);
    await (await registration?.pushManager.getSubscription())?.unsubscribe();
  }

  /** Subscribes again: for a new session, after the browser dropped the subscription, or when the server's key changed. */
  async renew() {
    if (!canPush() || !this.isOn) return;
    const { publicKey } = await this.#api.push();
    if (publicKey) await this.#subscribe(publicKey);
  }

  /** @param {string} publicKey */
  async #subscribe(publicKey) {
    const key = bytes(publicKey);
    await navigator.serviceWorker.register(trusted(WORKER));
    const { pushManager } = await navigator.serviceWorker.ready;
    const known = await pushManager.getSubscription();
    const isOurs = known && same(known.options.applicationServerKey, key);
    if (known && !isOurs) await known.unsubscribe();
    const subscription = isOurs ? known : await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
    await this.#api.putPush(subscription.toJSON());
  }
}

/** Goes to the place of a notification that was clicked, in this page. @param {(hash: string) => void} lead */
export function onLookedAt(lead) {
  if (!canPush()) return;
  navigator.serviceWorker.addEventListener("message", ({ data }) => {
    if (typeof data?.hash === "string") lead(data.hash);
  });
}

/** The page's policy allows no other script to be loaded. @param {string} url */
function trusted(url) {
  const { trustedTypes } = /** @type {{ trustedTypes?: any }} */ (globalThis);
  worker ??= trustedTypes?.createPolicy("worker", { createScriptURL: () => WORKER });
  return worker?.createScriptURL(url) ?? url;
}

/** @type {any} */
let worker;

/** @param {string} base64url */
function bytes(base64url) {
  const text = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** @param {ArrayBuffer | null} known @param {Uint8Array} key */
function same(known, key) {
  if (!known) return false;
  const other = new Uint8Array(known);
  return other.length === key.length && other.every((byte, place) => byte === key[place]);
}
