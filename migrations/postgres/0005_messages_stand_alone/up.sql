-- A message's room is locked by the transaction that stores the message, and is cleared away only after its
-- messages; its sender belongs to the room, and no person's row is ever deleted. To have Postgres look both
-- up once more for each message, and mark the sender's row, was more than a third of what storing it cost.
ALTER TABLE messages
    DROP CONSTRAINT messages_room_id_fkey,
    DROP CONSTRAINT messages_sender_id_fkey;
