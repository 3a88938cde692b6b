/**
 * Works while no page is open: shows what the server tells this browser, and leads to it. What it is told is
 * described in docs/notifications.md. It stands in nobody's way, and fetches nothing.
 */

self.addEventListener("install", () => void self.skipWaiting());

self.addEventListener("push", (event) => {
  if (event.data) event.waitUntil(show(event.data.json()));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data.hash));
});

/** One for a room: what is newer takes the place of what was not looked at. */
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
