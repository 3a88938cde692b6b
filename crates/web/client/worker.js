/**
 * The service worker: shows push notifications while no page is open, and leads to what they are about.
 * Their format is described in docs/notifications.md. It does not intercept requests, and caches nothing.
 */

self.addEventListener("install", () => void self.skipWaiting());

self.addEventListener("push", (event) => {
  if (event.data) event.waitUntil(show(event.data.json()));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data.hash));
});

/** One notification per room: a newer one replaces one that was not looked at. */
function show({ roomId, roomName, senderName, seq, preview }) {
  return self.registration.showNotification(roomName ? `${senderName} in ${roomName}` : senderName, {
    body: preview,
    tag: roomId,
    renotify: true,
    icon: "{files}/icon.svg",
    data: { hash: `#/rooms/${roomId}/${seq}` },
  });
}

/** In a page that is open already, or else in a new one. */
async function open(hash) {
  const [page] = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (!page) return self.clients.openWindow(`/${hash}`);
  page.postMessage({ hash });
  return page.focus();
}
