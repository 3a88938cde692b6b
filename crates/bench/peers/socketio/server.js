// A chat server as tutorials write it: rooms, an INSERT per message if there is a database, a broadcast and
// an acknowledgement. It has no authentication, memberships, limits, ordering or resumption.

import { createServer } from "node:http";
import { randomUUID } from "node:crypto";
import pg from "pg";
import { Server } from "socket.io";

const { PORT, DATABASE_URL } = process.env;

// As many database connections as Tertulia has by default.
const pool = DATABASE_URL ? new pg.Pool({ connectionString: DATABASE_URL, max: 16 }) : null;

await pool?.query(`CREATE TABLE IF NOT EXISTS messages (
  id uuid PRIMARY KEY,
  room_id text NOT NULL,
  sender_id text NOT NULL,
  content text NOT NULL,
  created_at timestamptz NOT NULL
)`);

async function store(message) {
  await pool?.query({
    name: "store",
    text: "INSERT INTO messages (id, room_id, sender_id, content, created_at) VALUES ($1, $2, $3, $4, $5)",
    values: [message.id, message.roomId, message.senderId, message.content, message.createdAt],
  });
}

const http = createServer();
const io = new Server(http, { transports: ["websocket"], serveClient: false });

io.on("connection", (socket) => {
  socket.on("join", (rooms, acknowledge) => {
    socket.join(rooms);
    acknowledge();
  });

  socket.on("send", async ({ roomId, content }, acknowledge) => {
    const createdAt = new Date().toISOString();
    const message = { id: randomUUID(), roomId, senderId: socket.id, content, createdAt };
    await store(message);
    io.to(roomId).emit("message", message);
    acknowledge({ id: message.id, createdAt });
  });
});

http.listen(Number(PORT), "127.0.0.1");
