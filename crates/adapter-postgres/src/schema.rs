//! The tables, as `migrations/postgres` makes them.

diesel::table! {
    meta (key) {
        key -> Text,
        value -> Text,
    }
}

diesel::table! {
    users (id) {
        id -> Uuid,
        username -> Text,
        username_key -> Nullable<Text>,
        display_name -> Text,
        email -> Nullable<Text>,
        bio -> Nullable<Text>,
        avatar -> Nullable<Uuid>,
        password -> Nullable<Text>,
        created_at -> Timestamptz,
        last_seen_at -> Nullable<Timestamptz>,
        erased_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    name_starts (start, user_id) {
        start -> Text,
        user_id -> Uuid,
    }
}

diesel::table! {
    blocks (blocker_id, blocked_id) {
        blocker_id -> Uuid,
        blocked_id -> Uuid,
        at -> Timestamptz,
    }
}

diesel::table! {
    rooms (id) {
        id -> Uuid,
        kind -> Text,
        low -> Nullable<Uuid>,
        high -> Nullable<Uuid>,
        name -> Nullable<Text>,
        name_key -> Nullable<Text>,
        description -> Nullable<Text>,
        owner_id -> Nullable<Uuid>,
        history -> Text,
        standing_invite -> Nullable<Text>,
        member_count -> BigInt,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        active_at -> Timestamptz,
        rev -> BigInt,
        last_seq -> BigInt,
        last_rev -> BigInt,
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    memberships (room_id, user_id) {
        room_id -> Uuid,
        user_id -> Uuid,
        role -> Text,
        joined_at -> Timestamptz,
        left_at -> Nullable<Timestamptz>,
        from_seq -> BigInt,
        rev -> BigInt,
        read_seq -> BigInt,
        delivered_seq -> BigInt,
        silenced_until -> Nullable<Timestamptz>,
        muted -> Bool,
        muted_until -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    bans (room_id, user_id) {
        room_id -> Uuid,
        user_id -> Uuid,
        at -> Timestamptz,
        by_id -> Uuid,
    }
}

diesel::table! {
    invites (code) {
        code -> Text,
        room_id -> Uuid,
        created_by -> Uuid,
        created_at -> Timestamptz,
        expires_at -> Nullable<Timestamptz>,
        max_uses -> Nullable<BigInt>,
        uses -> BigInt,
        revoked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    messages (room_id, seq) {
        room_id -> Uuid,
        seq -> BigInt,
        rev -> BigInt,
        id -> Uuid,
        sender_id -> Uuid,
        body -> Nullable<Text>,
        client_id -> Nullable<Uuid>,
        reply_to -> Nullable<Uuid>,
        thread -> Nullable<Uuid>,
        reply_count -> BigInt,
        mentions -> Array<Uuid>,
        created_at -> Timestamptz,
        edited_at -> Nullable<Timestamptz>,
        deleted_at -> Nullable<Timestamptz>,
        pinned_at -> Nullable<Timestamptz>,
        words -> Array<Text>,
    }
}

diesel::table! {
    client_ids (sender_id, client_id) {
        sender_id -> Uuid,
        client_id -> Uuid,
        room_id -> Uuid,
        seq -> BigInt,
        fingerprint -> Bytea,
    }
}

diesel::table! {
    reactions (room_id, seq, emoji, user_id) {
        room_id -> Uuid,
        seq -> BigInt,
        emoji -> Text,
        user_id -> Uuid,
        num -> BigInt,
    }
}

diesel::table! {
    mentions (user_id, room_id, seq) {
        user_id -> Uuid,
        room_id -> Uuid,
        seq -> BigInt,
    }
}

diesel::table! {
    media (id) {
        id -> Uuid,
        room_id -> Nullable<Uuid>,
        owner_id -> Uuid,
        file_name -> Text,
        content_type -> Text,
        size -> BigInt,
        width -> Nullable<Integer>,
        height -> Nullable<Integer>,
        thumbnail -> Bool,
        status -> Text,
        created_at -> Timestamptz,
        attached -> Bool,
        seq -> Nullable<BigInt>,
        place -> BigInt,
        digest -> Bytea,
    }
}

diesel::table! {
    outbox (lane, num) {
        lane -> Integer,
        num -> BigInt,
        id -> Uuid,
        at -> Timestamptz,
        room_id -> Nullable<Uuid>,
        topic -> Text,
        subject -> Nullable<Uuid>,
    }
}

diesel::table! {
    outbox_lanes (lane) {
        lane -> Integer,
        holder -> Uuid,
        until -> Timestamptz,
    }
}

diesel::table! {
    outbox_parked (queue, num) {
        queue -> Text,
        num -> BigInt,
        id -> Uuid,
        lane -> Integer,
        at -> Timestamptz,
        room_id -> Nullable<Uuid>,
        topic -> Text,
        subject -> Nullable<Uuid>,
        reason -> Text,
    }
}

diesel::table! {
    webhooks (id) {
        id -> Uuid,
        url -> Text,
        topics -> Text,
        room_id -> Nullable<Uuid>,
        secret -> Bytea,
        enabled -> Bool,
        created_at -> Timestamptz,
        failing_since -> Nullable<Timestamptz>,
        holder -> Nullable<Uuid>,
        held_until -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    webhook_deliveries (webhook_id, num) {
        webhook_id -> Uuid,
        num -> BigInt,
        event -> Uuid,
        at -> Timestamptz,
        room_id -> Nullable<Uuid>,
        topic -> Text,
        subject -> Nullable<Uuid>,
        state -> Text,
        tries -> Integer,
        due_at -> Nullable<Timestamptz>,
        tried_at -> Nullable<Timestamptz>,
        status -> Nullable<Integer>,
        error -> Nullable<Text>,
    }
}

diesel::joinable!(memberships -> rooms (room_id));
diesel::joinable!(memberships -> users (user_id));
diesel::joinable!(bans -> rooms (room_id));
diesel::joinable!(invites -> rooms (room_id));
diesel::joinable!(messages -> rooms (room_id));
diesel::joinable!(mentions -> rooms (room_id));
diesel::joinable!(name_starts -> users (user_id));
diesel::allow_tables_to_appear_in_same_query!(
    bans,
    client_ids,
    invites,
    media,
    memberships,
    mentions,
    messages,
    name_starts,
    rooms,
    users
);

diesel::allow_tables_to_appear_in_same_query!(webhooks, webhook_deliveries);
