# Waits until a test ends, however it ends, then kills its server and removes everything of it.
#
# $1 is the server's folder. Each input line is the id of the server's process from now on, or empty
# while it is not running; the end of the input is the end of the test.
trap '' HUP INT
server=
while read -r line; do
    server=$line
done

if [ -n "$server" ]; then
    # Stopped first, so that it starts no more children while they are listed.
    kill -STOP "$server"
    children=$(cat "/proc/$server/task/$server/children")
    # Unquoted, so that the list is split.
    kill -KILL "$server" $children
fi
# The small shared memory segment by which PostgreSQL marks that it is running, and which outlives it.
memory=$(sed -n '7s/.* //p' "$1/data/postmaster.pid") && [ -n "$memory" ] && ipcrm -m "$memory"
# A process that is being killed may still write a file.
for _ in 1 2 3 4 5; do
    rm -rf -- "$1" && break
    sleep 1
done
