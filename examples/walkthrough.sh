#!/bin/sh
# Everything that users do with Tertulia, with curl, step by step. Needs a server:
#
#   cargo run --release
#   examples/walkthrough.sh http://localhost:3000
#
# Can be run repeatedly: the names contain the time. Stops at the first unexpected response.
set -eu

base=${1:-${BASE_URL:-http://localhost:3000}}
api=$base/api
now=$(date +%s)$$
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT

step() { printf '\n# %s\n' "$*"; }
# The first text field of this name in the last response.
field() { tr ',' '\n' <"$answer" | sed -n 's/.*"'"$1"'":"\([^"]*\)".*/\1/p' | head -n 1; }
uuid() { cat /proc/sys/kernel/random/uuid 2>/dev/null || uuidgen; }

# who METHOD /path [JSON] [STATUS]: sends a request as a user, shows the response, and stops at another status.
ask() {
    token=$1 method=$2 path=$3 body=${4:-} expected=${5:-2..}
    set -- -sS -o "$answer" -w '%{http_code}' -X "$method"
    [ -z "$token" ] || set -- "$@" -H "Authorization: Bearer $token"
    [ -z "$body" ] || set -- "$@" -H 'Content-Type: application/json' -d "$body"
    status=$(curl "$@" "$api$path")
    printf '%s %s -> %s ' "$method" "$path" "$status"
    cut -c 1-400 "$answer"
    [ -s "$answer" ] || echo
    printf '%s' "$status" | grep -q "^$expected\$" || {
        echo "expected $expected" >&2
        exit 1
    }
}

step "Register. The answer has an access token for 15 minutes and a refresh token for one use."
ask '' POST /auth/register '{"email":"ana-'"$now"'@example.org","password":"correct horse","username":"ana-'"$now"'"}'
ana=$(field accessToken)
refresh=$(field refreshToken)
ask '' POST /auth/register '{"email":"ben-'"$now"'@example.org","password":"battery staple","username":"ben-'"$now"'"}'
ben=$(field accessToken)
bens_id=$(field id)

step "Every error is a problem with a code, and 422 names each bad field."
ask '' POST /auth/register '{"email":"nobody","password":"short"}' 422
ask '' GET /rooms/mine '' 401

step "Make a private room. It has a standing invite, which its owner sees."
ask "$ana" POST /rooms '{"name":"tertulia '"$now"'","isPrivate":true}'
room=$(field id)
ask "$ben" GET "/rooms/$room" '' 404

step "Invite somebody, with a code that lasts an hour and serves once. Anybody may look at what it opens."
ask "$ana" POST "/rooms/$room/invites" '{"expiresIn":3600,"maxUses":1}'
code=$(field code)
ask '' GET "/invites/$code"

step "Join with it."
ask "$ben" POST "/rooms/$room/join" '{"inviteCode":"'"$code"'"}'
ask "$ana" GET "/rooms/$room/users"

step "Say something. A clientId makes it safe to repeat: the second of these stores nothing and is a 200."
name=$(uuid)
ask "$ana" POST "/rooms/$room/messages" '{"content":"Did you read it, @ben-'"$now"'?","clientId":"'"$name"'"}' 201
question=$(field id)
ask "$ana" POST "/rooms/$room/messages" '{"content":"Did you read it, @ben-'"$now"'?","clientId":"'"$name"'"}' 200

step "Answer it. A reply belongs to the thread of what it answers."
ask "$ben" POST "/rooms/$room/messages" '{"content":"Twice, in one nihgt.","replyTo":"'"$question"'"}' 201
reply=$(field id)
ask "$ana" GET "/messages/$question/replies"

step "Mend it: its author may."
ask "$ben" PATCH "/messages/$reply" '{"content":"Twice, in one night."}'
ask "$ana" PATCH "/messages/$reply" '{"content":"Never."}' 403

step "React, with an emoji in percent-encoding, and take it back."
ask "$ana" PUT "/messages/$reply/reactions/%F0%9F%91%8F"
ask "$ana" DELETE "/messages/$reply/reactions/%F0%9F%91%8F"

step "Read history, the newest first, and the page before it by the cursor."
ask "$ana" GET "/rooms/$room/messages?limit=1"
cursor=$(field nextCursor)
ask "$ana" GET "/rooms/$room/messages?limit=1&cursor=$cursor"

step "See what is unread, and say how far you have read. The author sees who has."
ask "$ana" GET /rooms/mine
ask "$ana" POST /messages/read '{"roomId":"'"$room"'","messageId":"'"$reply"'"}'
ask "$ben" GET "/messages/$reply/receipts"

step "Search: all words, in the rooms that you are in."
ask "$ben" GET "/search/messages?q=one%20night"

step "Catch up: everything that changed since rev 3, in its present state."
ask "$ben" GET "/rooms/$room/events?since=3"

step "Keep a message in sight, and delete one. A deleted message keeps its place."
ask "$ana" PUT "/messages/$question/pin"
ask "$ben" GET "/rooms/$room/pins"
ask "$ben" DELETE "/messages/$reply"

step "Keep order: an admin mutes a member until a time, and lifts that; removes one, and with ban=true for good."
ask "$ana" PATCH "/rooms/$room/users/$bens_id" '{"mutedUntil":"2099-01-01T00:00:00Z"}'
ask "$ben" POST "/rooms/$room/messages" '{"content":"Let me speak!"}' 403
ask "$ana" PATCH "/rooms/$room/users/$bens_id" '{"mutedUntil":null}'
ask "$ana" DELETE "/rooms/$room/users/$bens_id?ban=true"
ask "$ana" GET "/rooms/$room/bans"
ask "$ana" DELETE "/rooms/$room/bans/$bens_id"

step "Talk in private: two people have one conversation, whoever opens it. A block closes it."
ask "$ana" POST /chat '{"participantIds":["'"$bens_id"'"]}'
chat=$(field id)
ask "$ben" POST "/rooms/$chat/messages" '{"content":"Why?"}'
ask "$ana" PUT "/users/$bens_id/block"
ask "$ben" POST "/rooms/$chat/messages" '{"content":"Why??"}' 403
ask "$ana" DELETE "/users/$bens_id/block"

step "Stay signed in: a refresh token is spent for the next pair. See your sessions, and end them all."
ask '' POST /auth/refresh '{"refreshToken":"'"$refresh"'"}'
ana=$(field accessToken)
ask "$ana" GET /auth/sessions
ask "$ana" POST /auth/logout-all
ask "$ana" GET /auth/me '' 401

printf '\nThat was all of it.\n'
