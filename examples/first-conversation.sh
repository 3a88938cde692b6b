#!/bin/sh
# Two users register, meet in a room and chat. Needs curl and a server: `cargo run --release`.
# Can be run repeatedly: the names contain the time.
set -eu

api=${1:-http://localhost:3000}/api
json='Content-Type: application/json'
now=$(date +%s)$$

# The first field of this name in a JSON response.
field() { sed 's/.*"'"$1"'":"\([^"]*\)".*/\1/'; }
register() {
    curl -fsS "$api/auth/register" -H "$json" \
        -d '{"email":"'"$1-$now"'@example.org","password":"correct horse","username":"'"$1-$now"'"}' |
        field accessToken
}
say() { curl -fsS "$api/rooms/$room/messages" -H "$json" -H "Authorization: Bearer $1" -d "$2"; echo; }
look() { curl -fsS "$api$2" -H "Authorization: Bearer $1"; echo; }

ana=$(register ana)
ben=$(register ben)

room=$(curl -fsS "$api/rooms" -H "$json" -H "Authorization: Bearer $ana" -d '{"name":"tertulia"}' |
    sed 's/^{"id":"\([^"]*\)".*/\1/')
curl -fsS -X POST "$api/rooms/$room/join" -H "Authorization: Bearer $ben" >/dev/null
echo "Ana and Ben are in the room $room"

say "$ana" '{"content":"Hi @ben-'"$now"', did you read it?"}'
# A clientId makes sending safe to retry: the second of these stores nothing.
name=$(cat /proc/sys/kernel/random/uuid 2>/dev/null || uuidgen)
say "$ben" '{"content":"Twice.","clientId":"'"$name"'"}'
say "$ben" '{"content":"Twice.","clientId":"'"$name"'"}'

echo "What was said, the newest first:"
look "$ana" "/rooms/$room/messages?limit=20"
echo "What Ana has not read:"
look "$ana" "/rooms/mine"
echo "What changed since rev 2:"
look "$ana" "/rooms/$room/events?since=2"
