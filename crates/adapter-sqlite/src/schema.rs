//! The tables, as `migrations/sqlite` makes them.

diesel::table! {
    meta (key) {
        key -> Text,
        value -> Text,
    }
}

diesel::table! {
    users (id) {
        id -> Binary,
        username -> Text,
        username_key -> Nullable<Text>,
        display_name -> Text,
        email -> Nullable<Text>,
        bio -> Nullable<Text>,
        avatar -> Nullable<Binary>,
        password -> Nullable<Text>,
        created_at -> BigInt,
        last_seen_at -> Nullable<BigInt>,
        erased_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    name_starts (start, user) {
        start -> Text,
        user -> Binary,
    }
}

diesel::table! {
    blocks (blocker, blocked) {
        blocker -> Binary,
        blocked -> Binary,
        at -> BigInt,
    }
}

diesel::table! {
    profiles (user) {
        user -> Binary,
        document -> Text,
    }
}

diesel::table! {
    sessions (id) {
        id -> Binary,
        user -> Binary,
        created_at -> BigInt,
        last_used_at -> BigInt,
        expires_at -> BigInt,
        ip -> Nullable<Text>,
        user_agent -> Text,
        ended_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    refresh_tokens (digest) {
        digest -> Binary,
        session -> Binary,
        spent_at -> Nullable<BigInt>,
        replaced_by -> Nullable<Binary>,
    }
}

diesel::table! {
    rooms (id) {
        id -> Binary,
        kind -> Text,
        low -> Nullable<Binary>,
        high -> Nullable<Binary>,
        name -> Nullable<Text>,
        name_key -> Nullable<Text>,
        description -> Nullable<Text>,
        owner -> Nullable<Binary>,
        history -> Text,
        standing_invite -> Nullable<Text>,
        member_count -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        active_at -> BigInt,
        rev -> BigInt,
        last_seq -> BigInt,
        last_rev -> BigInt,
        deleted_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    memberships (room, user) {
        room -> Binary,
        user -> Binary,
        role -> Text,
        joined_at -> BigInt,
        left_at -> Nullable<BigInt>,
        from_seq -> BigInt,
        rev -> BigInt,
        read_seq -> BigInt,
        delivered_seq -> BigInt,
        silenced_until -> Nullable<BigInt>,
        muted -> Bool,
        muted_until -> Nullable<BigInt>,
    }
}

diesel::table! {
    bans (room, user) {
        room -> Binary,
        user -> Binary,
        at -> BigInt,
        by -> Binary,
    }
}

diesel::table! {
    invites (code) {
        code -> Text,
        room -> Binary,
        created_by -> Binary,
        created_at -> BigInt,
        expires_at -> Nullable<BigInt>,
        max_uses -> Nullable<BigInt>,
        uses -> BigInt,
        revoked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    messages (num) {
        num -> BigInt,
        id -> Binary,
        room -> Binary,
        seq -> BigInt,
        rev -> BigInt,
        sender -> Binary,
        body -> Nullable<Text>,
        client_id -> Nullable<Binary>,
        fingerprint -> Nullable<Binary>,
        reply_to -> Nullable<Binary>,
        thread -> Nullable<Binary>,
        reply_count -> BigInt,
        created_at -> BigInt,
        edited_at -> Nullable<BigInt>,
        deleted_at -> Nullable<BigInt>,
        pinned_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    message_words (rowid) {
        rowid -> BigInt,
        words -> Text,
        /// The hidden column that queries are matched against: the index as a whole.
        #[sql_name = "message_words"]
        index -> Text,
    }
}

diesel::table! {
    reactions (num) {
        num -> BigInt,
        message -> BigInt,
        emoji -> Text,
        user -> Binary,
    }
}

diesel::table! {
    mentions (message, place) {
        message -> BigInt,
        place -> BigInt,
        user -> Binary,
        room -> Binary,
        seq -> BigInt,
    }
}

diesel::table! {
    media (id) {
        id -> Binary,
        room -> Nullable<Binary>,
        owner -> Binary,
        file_name -> Text,
        content_type -> Text,
        size -> BigInt,
        width -> Nullable<Integer>,
        height -> Nullable<Integer>,
        thumbnail -> Bool,
        status -> Text,
        created_at -> BigInt,
        attached -> Bool,
        message -> Nullable<BigInt>,
        place -> BigInt,
        digest -> Binary,
    }
}

diesel::table! {
    outbox (num) {
        num -> BigInt,
        id -> Binary,
        lane -> Integer,
        at -> BigInt,
        room -> Nullable<Binary>,
        topic -> Text,
        subject -> Nullable<Binary>,
    }
}

diesel::table! {
    outbox_lanes (lane) {
        lane -> Integer,
        holder -> Binary,
        until -> BigInt,
    }
}

diesel::table! {
    outbox_parked (num) {
        num -> BigInt,
        queue -> Text,
        id -> Binary,
        lane -> Integer,
        at -> BigInt,
        room -> Nullable<Binary>,
        topic -> Text,
        subject -> Nullable<Binary>,
        reason -> Text,
    }
}

diesel::table! {
    webhooks (id) {
        id -> Binary,
        url -> Text,
        topics -> Text,
        room -> Nullable<Binary>,
        secret -> Binary,
        enabled -> Bool,
        created_at -> BigInt,
        failing_since -> Nullable<BigInt>,
        holder -> Nullable<Binary>,
        held_until -> Nullable<BigInt>,
    }
}

diesel::table! {
    webhook_deliveries (num) {
        num -> BigInt,
        webhook -> Binary,
        event -> Binary,
        at -> BigInt,
        room -> Nullable<Binary>,
        topic -> Text,
        subject -> Nullable<Binary>,
        state -> Text,
        tries -> Integer,
        due_at -> Nullable<BigInt>,
        tried_at -> Nullable<BigInt>,
        status -> Nullable<Integer>,
        error -> Nullable<Text>,
    }
}

diesel::table! {
    push_subscriptions (session) {
        session -> Binary,
        endpoint -> Text,
        point -> Binary,
        secret -> Binary,
        expires_at -> Nullable<BigInt>,
    }
}

diesel::joinable!(name_starts -> users (user));
diesel::joinable!(push_subscriptions -> sessions (session));
diesel::joinable!(refresh_tokens -> sessions (session));
diesel::joinable!(memberships -> rooms (room));
diesel::joinable!(memberships -> users (user));
diesel::joinable!(bans -> rooms (room));
diesel::joinable!(invites -> rooms (room));
diesel::joinable!(messages -> rooms (room));
diesel::joinable!(message_words -> messages (rowid));
diesel::joinable!(mentions -> rooms (room));
diesel::joinable!(media -> messages (message));

diesel::allow_tables_to_appear_in_same_query!(
    users,
    name_starts,
    push_subscriptions,
    refresh_tokens,
    sessions,
    rooms,
    memberships,
    bans,
    invites,
    messages,
    message_words,
    reactions,
    mentions,
    media,
);

diesel::allow_tables_to_appear_in_same_query!(webhooks, webhook_deliveries);
