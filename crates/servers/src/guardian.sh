# Waits beside a test until it ends, however it ends, and leaves nothing of its server.
#
# $1 is the server's folder. Each line that comes in is the process that the server is from now on, or
# empty while there is none; the end of the lines is the end of the test.
trap '' HUP INT
server=
while read -r line; do
    server=$line
done

if [ -n "$server" ]; then
    # First, so that it starts no more children while they are looked for.
    kill -STOP "$server"
    children=$(cat "/proc/$server/task/$server/children")
    # The list is to be taken apart.
    kill -KILL "$server" $children
fi
# PostgreSQL's mark that it is running, a few bytes of memory which outlive it.
memory=$(sed -n '7s/.* //p' "$1/data/postmaster.pid") && [ -n "$memory" ] && ipcrm -m "$memory"
# Who is being killed may write one more file.
for _ in 1 2 3 4 5; do
    rm -rf -- "$1" && break
    sleep 1
done
