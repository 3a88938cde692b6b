//! The routes and events in the documentation of the five systems.

/// One of the five systems, with the title of its document.
pub(super) struct System {
    pub(super) title: &'static str,
    /// The file of its scenarios.
    pub(super) scenarios: &'static str,
    pub(super) routes: &'static [&'static str],
    /// Its socket events, in both directions.
    pub(super) events: &'static [&'static str],
    /// Its queues and exchanges.
    pub(super) queues: &'static [&'static str],
}

pub(super) const SYSTEMS: [System; 5] = [
    System {
        title: "Real-Time Chat Backend with AI Summaries",
        scenarios: "ai_summaries",
        routes: &[
            "POST /api/auth/login",
            "POST /api/auth/register",
            "POST /api/rooms",
            "GET /api/rooms",
            "GET /api/rooms/:id",
            "DELETE /api/rooms/:id",
            "GET /api/rooms/:id/messages",
            "POST /api/rooms/:id/messages",
            "GET /api/rooms/:id/summary",
            "POST /api/rooms/:id/join",
            "DELETE /api/rooms/:id/leave",
            "GET /api/rooms/:id/users",
        ],
        // Its document names none; these are the events that its clients use.
        events: &[
            "room:join",
            "room:leave",
            "message:new",
            "user:joined",
            "user:left",
        ],
        queues: &[],
    },
    System {
        title: "Real-time Chat Backend (Node.js + TypeScript + Express + Socket.IO + Prisma/MySQL)",
        scenarios: "prisma_mysql",
        routes: &[
            "POST /api/auth/register",
            "POST /api/auth/login",
            "POST /api/rooms",
            "POST /api/rooms/join",
            "GET /api/rooms/mine",
            "GET /api/rooms/:id/messages?cursor=<id>&limit=20",
            "POST /api/messages/read",
            "POST /api/messages/delivered",
        ],
        events: &[
            "join_room",
            "send_message",
            "typing",
            "receive_message",
            "user_status",
        ],
        queues: &[],
    },
    System {
        title: "Chat App Backend",
        scenarios: "chat_app",
        routes: &[
            "POST /api/auth/register",
            "POST /api/auth/login",
            "GET /api/chat",
            "POST /api/chat",
            "GET /api/chat/:id",
            "GET /api/chat/:id/messages",
        ],
        events: &[
            "message:send",
            "typing:start",
            "typing:stop",
            "conversation:join",
            "conversation:leave",
            "message:received",
            "user:typing",
            "user:stopped-typing",
            "user:joined",
            "user:left",
            "user:online",
            "user:offline",
        ],
        queues: &[
            "chat",
            "messages.queue",
            "notifications.queue",
            "media.queue",
        ],
    },
    System {
        title: "Convo Backend",
        scenarios: "convo",
        routes: &[
            "POST /auth/register",
            "POST /auth/login",
            "POST /chat/room",
            "POST /chat/message",
            "GET /chat/messages?chatRoomName=room-name",
        ],
        // Its document names none; these are the events that its clients use.
        events: &[
            "joinRoom",
            "leaveRoom",
            "message",
            "deleteMessage",
            "getRoomMembers",
            "userJoined",
            "userLeft",
            "messagesUpdated",
            "roomMembers",
        ],
        queues: &[],
    },
    System {
        title: "Real-Time Chat Backend",
        scenarios: "mongodb_redis",
        routes: &[
            "GET /api/messages/room/:roomId",
            "GET /api/messages/conversation/:userId1/:userId2",
            "PUT /api/messages/read/:roomId",
            "GET /api/users/online",
            "GET /api/users/:userId",
            "POST /api/users",
            "GET /api/users/search/:query",
        ],
        events: &[
            "authenticate",
            "join_room",
            "leave_room",
            "send_message",
            "new_message",
            "error",
        ],
        queues: &[],
    },
];
