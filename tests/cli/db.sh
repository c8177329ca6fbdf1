#!/bin/sh
# `dbwright db` from outside: what it says of databases, makes and removes.   db.sh GENERATOR WORK_FOLDER [SERVER_FOLDER]
# With the folder of the private server the database `main` is there, else it is a file.
set -u

generator=$1
rm -rf "$2"
mkdir -p "$2/models"
cd "$2" || exit 1
work=$(pwd -P)
failed=0
count=0
unset NO_COLOR MAIN_URL DBWRIGHT_ENV DBWRIGHT_ROOT DATABASE_URL GONE_URL

# expect EXIT WORDS...: runs dbwright db with the words; leaves its output in out and err. What is typed stands in $typed.
expect()
{
	wanted=$1
	shift
	count=$((count + 1))
	what="dbwright db $*"
	printf '%s' "${typed:-}" | "$generator" db "$@" >out 2>err
	status=$?
	[ $status -eq "$wanted" ] || complain "exits with $status, not $wanted"
	! grep -q geheim out err || complain "a secret is shown"
}

complain()
{
	failed=$((failed + 1))
	echo "FAILED: $what: $1"
	cat out err
}

# says FILE TEXT: a line of the file contains the text
says()
{
	grep -qF -e "$2" "$1" || complain "$1 does not say: $2"
}

lines()
{
	[ "$(wc -l <out)" -eq "$1" ] || complain "not $1 lines"
}

server=
if [ $# -eq 3 ]; then
	# host=FOLDER user=NAME dbname=NAME
	read -r host user rest <"$3/conninfo"
	server="postgresql://${user#user=}:geheim@/dbw_cli_$$?host=${host#host=}"
	nowhere="postgresql://${user#user=}:geheim@/dbw_cli?host=$work"
	main=$server
	engine=PostgreSQL
	dialect=postgresql
else
	nowhere="sqlite:$work/models"
	main="sqlite:$work/data/more/main.db"
	engine=SQLite
	dialect=sqlite
fi
[ -z "$server" ] || export PGPASSWORD=geheim

cat >dbwright.yaml <<'YAML'
project: shop
include: [models/*.yaml]
schemas:
  shop: {namespace: store}
databases:
  main: {schema: shop, connection_string: "${MAIN_URL}", default: true, pool_size: 3}
  people: {schema: auth, connection_string: "sqlite:auth.db"}
  scratch: {schema: auth, connection_string: "sqlite::temp:"}
  gone: {schema: auth, connection_string: "${GONE_URL}"}
YAML
# Foreign keys in a circle, and a type of PostgreSQL's own.
cat >models/shop.yaml <<'YAML'
schema: shop
models:
  team:
    table: teams
    fields: {id: id, name: text, kind: {type: enum, values: [a, b]}}
    relations: {leader: {belongs_to: member, optional: true}}
  member:
    table: members
    fields: {id: id, name: text}
    relations: {team: {belongs_to: team}}
YAML
cat >models/auth.yaml <<'YAML'
schema: auth
models:
  user:
    fields: {id: id, name: text}
YAML
if [ -n "$server" ]; then
	sed -i 's/{namespace: store}/{namespace: store, engines: [postgresql], storage: native}/' dbwright.yaml
fi
MAIN_URL=$main
export MAIN_URL

# Who runs SQL in `main`.
run_sql()
{
	if [ -n "$server" ]; then
		psql -qAtX "$server" -c "$1"
	else
		python3 -c 'import sqlite3, sys
c = sqlite3.connect(sys.argv[1]); print(*[r[0] for r in c.execute(sys.argv[2])], sep="\n"); c.commit()' "$work/data/more/main.db" "$1"
	fi
}
if [ -n "$server" ]; then
	in=store.
	cascade=" CASCADE"
else
	in=
	cascade=
fi

# Nothing is there, and looking makes nothing.
expect 4 test
says out "main: cannot connect: "
expect 4 status
says out "main: cannot connect"
says out "people: cannot connect"
says out "dbwright db setup main makes it"
says out "the file $work/auth.db is not there"
says out "dbwright db setup people makes it"
says out "gone: not resolved"
says out "each program that opens it has an empty one of its own"
says err "GONE_URL is not set"
expect 4 test --all --json
lines 4
says out '"name":"people","qualifier":"people","schema":"auth","default":false,"provider":"sqlite","url":"sqlite:'
says out '"state":"unreachable","error":{"status":"DBW_NOT_FOUND"'
says out '"name":"scratch"'
says out '"state":"unresolved"'
[ ! -e auth.db ] && [ ! -e data ] || complain "a file was made"
expect 0 test scratch
says out "scratch: SQLite 3."

# A NAME is enough of a reason to resolve nothing else.
expect 0 setup people
says out "people: database made, 1 table made"
[ ! -s err ] || complain "it speaks of other databases"
expect 0 setup people
says out "people: nothing to do: 1 table is there"
expect 2 setup
says err "there are several databases"
expect 2 reset
expect 2 setup peopel
says err "did you mean 'people'?"
expect 2 setup people --all
expect 2 setup people --yes
expect 2 test main people
says err "'people' is one word too many"

expect 1 setup --all --json
lines 4
says out '"database_made":true,"tables_dropped":0,"tables_made":2,"error":null'
says out '"name":"gone"'
expect 0 test
says out "main: $engine "
says out " ms"
expect 0 status main
says out "main: ready: its 2 tables are there"
says out "a pool of 3 connections"
says out "2 tables of schema shop; columns are not compared"
export GONE_URL=sqlite::memory:
expect 0 status gone
says out "a pool of 1 connection"
expect 0 status gone --json
says out '"pool":{"size":1,"max_overflow":0,"min_idle":0}'
unset GONE_URL
expect 0 setup main
says out "nothing to do: 2 tables are there"

# What is missing is told; setup makes none of it in a database that has some.
run_sql "INSERT INTO ${in}teams (name, kind) VALUES ('x', 'a') RETURNING id" >/dev/null
run_sql "INSERT INTO ${in}members (name, team_id) SELECT 'y', id FROM ${in}teams RETURNING id" >/dev/null
run_sql "CREATE TABLE ${in}other (id integer)"
expect 0 reset main --yes
says out "main: 2 tables removed, 2 tables made"
[ "$(run_sql "SELECT count(*) FROM ${in}teams")" = 0 ] || complain "rows are left"
[ "$(run_sql "SELECT count(*) FROM ${in}other")" = 0 ] || complain "a table is gone that is not of the schema"
run_sql "DROP TABLE ${in}members$cascade"
expect 3 status main
says out "main: tables are missing"
says out "1 of 2 tables of schema shop; missing: members"
! grep -q "makes them" out || complain "setup would make tables in a database that has some"
expect 3 status main --json
says out '"state":"pending","pool":{"size":3,"max_overflow":0,"min_idle":0},"server":"'"$engine "
says out '"tables":2,"missing":["members"],"error":null'
expect 1 setup main
says out "main: failed: 1 of the 2 tables is there already; missing: members. dbwright sql -s shop -e $dialect prints"
says out "reset removes the others, with their rows"
expect 1 setup main --json
says out '"state":"failed"'
says out '"error":{"status":"DBW_EXISTS"'

# reset wants the name.
typed='mian
'
expect 1 reset main
says err "Type the name main to go on"
says out "main: failed: the name was not typed"
typed=
expect 1 reset main
says out "the name was not typed"
typed='main
'
expect 0 reset main
says out "main: 1 table removed, 2 tables made"
expect 0 status main
typed=
run_sql "DROP TABLE ${in}members$cascade"
run_sql "DROP TABLE ${in}teams$cascade"
[ -z "$server" ] || run_sql "DROP TYPE ${in}teams_kind_enum"
expect 3 status main
says out "0 of 2 tables of schema shop; missing: teams, members"
says out "    dbwright db setup main makes them"
expect 0 setup main

# interrupt READY WORDS...: runs dbwright db with the words, and has SIGINT end it once the command READY says yes. (A shell has
# that signal ignored in the background.)
interrupt()
{
	ready=$1
	shift
	count=$((count + 1))
	what="dbwright db $*, interrupted"
	env --default-signal=INT "$generator" db "$@" <never >out 2>err &
	pid=$!
	exec 8>never
	tries=0
	until eval "$ready" || [ $tries -eq 600 ]; do
		tries=$((tries + 1))
		sleep 0.1
	done
	eval "$ready" || complain "it never comes to: $ready"
	kill -INT $pid
	wait $pid
	status=$?
	exec 8>&-
	[ $status -eq 130 ] || complain "ends with $status, and not by the signal"
	[ "$(run_sql "SELECT name FROM ${in}teams")" = before ] || complain "rows are gone"
}

# One that is interrupted leaves everything as it was.
mkfifo never
run_sql "INSERT INTO ${in}teams (name, kind) VALUES ('before', 'a') RETURNING id" >/dev/null
interrupt 'grep -q "Type the name main to go on" err' reset main
if [ -n "$server" ]; then
	# In the middle of its work: somebody reads the last table that it removes.
	psql -qX "$server" -c "SET application_name = 'reads'" -c BEGIN -c "LOCK TABLE store.members IN ACCESS SHARE MODE" \
		-c "SELECT pg_sleep(600)" >/dev/null 2>&1 &
	until [ "$(run_sql "SELECT count(*) FROM pg_locks WHERE relation = 'store.members'::regclass AND granted")" = 1 ]; do
		sleep 0.1
	done
	interrupt '[ "$(run_sql "SELECT count(*) FROM pg_locks WHERE NOT granted")" != 0 ]' reset main --yes
	run_sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'reads'" >/dev/null
fi
expect 0 reset main --yes
says out "main: 2 tables removed, 2 tables made"

# What is protected it refuses, and goes on with the others.
cat >>dbwright.yaml <<'YAML'
profiles:
  production: {databases: {main: {protected: true}, gone: {connection_string: "sqlite:gone.db"}}}
YAML
run_sql "INSERT INTO ${in}teams (name, kind) VALUES ('kept', 'a') RETURNING id" >/dev/null
DBWRIGHT_ENV=production
export DBWRIGHT_ENV
expect 1 reset --all --yes
says out "main: failed: it is protected"
says out "people: 1 table removed, 1 table made"
says out "gone: database made, 1 table made"
[ "$(run_sql "SELECT name FROM ${in}teams")" = kept ] || complain "rows of a protected database are gone"
unset DBWRIGHT_ENV

# Several at the same time, as when a service is started more than once: all of them are done, one has made the tables.
what="dbwright db setup, four at once"
MAIN_URL="sqlite:$work/once.db"
[ -z "$server" ] || MAIN_URL="postgresql://${user#user=}:geheim@/dbw_once_$$?host=${host#host=}"
for one in 1 2 3 4; do
	"$generator" db setup main >"once_$one" 2>&1 &
done
wait
cat once_* >out
: >err
lines 4
[ "$(grep -c "2 tables made" out)" -eq 1 ] || complain "not one has made the tables"
[ "$(grep -c -e "nothing to do: 2 tables are there" -e "somebody else has made its tables" out)" -eq 3 ] ||
	complain "not three have found them"

# What a terminal would obey is not printed.
if [ -z "$server" ]; then
	MAIN_URL="sqlite:$work/$(printf 'a\033[31mb\nc').db"
	expect 4 status main
	! grep -q "$(printf '\033')" out || complain "an escape is printed"
	lines 4
	expect 0 list -v main
	! grep -q "$(printf '\033')" out || complain "an escape is printed"
	expect 4 test main --json
	lines 1
	says out '\u001b[31mb\u000ac'
fi

# Of many tables that are missing a few are named.
mkdir many
cat >many/dbwright.yaml <<-'YAML'
	project: many
	schema: many
	databases: {many: {connection_string: "${MAIN_URL}"}}
	models: {a: {fields: {id: id}}, b: {fields: {id: id}}, c: {fields: {id: id}}, d: {fields: {id: id}}, e: {fields: {id: id}}}
YAML
MAIN_URL=$main
run_sql "CREATE TABLE c (id integer)"
expect 1 setup -p many/dbwright.yaml
says out "1 of the 5 tables is there already; missing: a, b, d, e. dbwright sql"
sed -i 's/models: {/&f: {fields: {id: id}}, /' many/dbwright.yaml
expect 1 setup -p many/dbwright.yaml
says out "1 of the 6 tables is there already; missing: a, b, d and 2 more. dbwright sql"

# A role that may not: who it is, and who can help.
if [ -n "$server" ]; then
	psql -qX "$server" -c "CREATE ROLE dbw_weak_$$ LOGIN"
	MAIN_URL="postgresql://dbw_weak_$$@/dbw_weak_$$?host=${host#host=}"
	expect 1 setup main
	says out "main: failed: the role \"dbw_weak_$$\" may not make the database \"dbw_weak_$$\": have an administrator make it"
	expect 1 setup main --json
	says out '"database_made":false'
	psql -qX "$server" -c "CREATE DATABASE dbw_weak_$$"
	expect 1 setup main
	says out "main: failed: permission denied for database dbw_weak_$$: the role \"dbw_weak_$$\" may not; have an administrator do it, or allow it"
	psql -qX "$server" -c "DROP DATABASE dbw_weak_$$" -c "DROP ROLE dbw_weak_$$"
fi

# A database that cannot be reached is one of several.
MAIN_URL=$nowhere
expect 4 test --all
says out "main: cannot connect: "
says out "people: SQLite 3."
expect 4 setup main
expect 4 reset main --yes
[ ! -s err ] || complain "it speaks of more than that"

# Relative paths count from DBWRIGHT_ROOT, as in a program.
mkdir elsewhere
DBWRIGHT_ROOT=$work/elsewhere
export DBWRIGHT_ROOT
expect 0 setup people
[ -f elsewhere/auth.db ] || complain "the file is not where it should be"
DBWRIGHT_ROOT=elsewhere
expect 0 status people
says out "sqlite:$work/elsewhere/auth.db"
unset DBWRIGHT_ROOT

# Examples are entries that can be used.
expect 0 config
says out "connection_string: "
expect 0 config --json
lines 2
for provider in sqlite postgresql; do
	mkdir -p "example_$provider"
	expect 0 config $provider
	{ printf 'project: example\nschemas: {primary: {engines: [sqlite, postgresql]}}\nschema: primary\nmodels: {user: {fields: {id: id}}}\n'; cat out; } \
		>"example_$provider/dbwright.yaml"
	REPORTS_PASSWORD=x "$generator" check --all -p "example_$provider/dbwright.yaml" >out 2>err || complain "the example is not good"
done
expect 2 config oracle
says err "there is no provider 'oracle'"
expect 0 providers
says out "sqlite: SQLite, built in"
expect 0 providers --json
says out '{"provider":"sqlite","title":"SQLite","available":true,"reason":null}'
expect 2 providers sqlite
# Two schemas with a table of one name in one database: a program does not open them, and reset would take the other's rows.
mkdir clash clash/models
cat >clash/dbwright.yaml <<-YAML
	project: shop
	include: [models/*.yaml]
	databases:
	  auth: {connection_string: "$main"}
	  blog: {connection_string: "$main"}
YAML
for schema in auth blog; do
	printf 'schema: %s\nmodels:\n  %s_tag: {table: tags, fields: {id: id}}\n' $schema $schema >clash/models/$schema.yaml
done
expect 1 setup --all -p clash/dbwright.yaml
says out "blog: not resolved"
says err 'error: databases "auth" and "blog" are one, and their schemas "auth" and "blog" both have a table "tags"'
sed -i 's/^project.*/&\nschemas: {blog: {namespace: blog}}/' clash/dbwright.yaml
if [ -n "$server" ]; then
	expect 0 status auth -p clash/dbwright.yaml
	expect 0 list -p clash/dbwright.yaml
else
	expect 1 list -p clash/dbwright.yaml
fi

# From a library, where one is given to test with.
if [ -n "${provider_library:-}" ]; then
	folder=$(dirname "$provider_library")
	library=$(basename "$provider_library")
	expect 1 providers "$library:good"
	says out "$library:good: not available: the library $library is not loaded: no folder is allowed to load from (--provider-dir)"
	expect 0 providers "$library:good" --provider-dir /nowhere --provider-dir "$folder"
	says out "$library:good: Good SQLite, loaded"
	expect 0 providers "$provider_library:box" --provider-dir "$folder" --json
	says out '"title":"box","available":true,"reason":null}'
	expect 1 providers "$library:other_abi" --provider-dir "$folder" --json
	says out '"title":null,"available":false,"reason":"the provider'
	expect 2 providers "program:good"
	expect 2 providers "$library:"
	mkdir outside
	cat >outside/dbwright.yaml <<-YAML
		project: shop
		schema: auth
		databases:
		  auth: {provider: "$library:good", path: auth.db, options: {mark: seen}, journal_mode: wal}
		  boxed: {schema: auth, provider: "$library:box"}
		  mine: {schema: auth, provider: "program:mine", path: auth.db}
		  shelf: {provider: "$library:box", connection_string: "box:geheim"}
		  fails: {provider: "$library:box", connection_string: "box:broken"}
		  odd: {provider: "$library:good", path: auth.db}
		models: {user: {fields: {id: id}}}
	YAML
	expect 1 test auth -p outside/dbwright.yaml
	says out "no folder is allowed to load from (--provider-dir)"
	expect 4 status auth -p outside/dbwright.yaml --provider-dir "$folder"
	expect 0 setup auth -p outside/dbwright.yaml --provider-dir "$folder"
	says out "auth: database made, 1 table made"
	expect 0 status auth -p outside/dbwright.yaml --provider-dir "$folder"
	says out "    $library:good $work/outside/auth.db"
	says out "    SQLite "
	expect 1 test boxed -p outside/dbwright.yaml --provider-dir "$folder"
	says out "box ($library:box) is a store, not a database with SQL"
	expect 1 test mine -p outside/dbwright.yaml --provider-dir "$folder"
	says out 'only the program has the provider "mine"'
	expect 0 list -v -p outside/dbwright.yaml
	says out "shelf: a store"
	says out "    $library:box ***"
	expect 0 list --json -p outside/dbwright.yaml
	says out '"name":"shelf","qualifier":"shelf","schema":null'
	expect 0 status shelf -p outside/dbwright.yaml --provider-dir "$folder"
	says out "    box answers in "
	expect 0 status shelf --json -p outside/dbwright.yaml --provider-dir "$folder"
	says out '"state":"ready","server":"box","latency_us":'
	! grep -q '"pool"\|"tables"\|"missing"' out || complain "status of a store: it has no pool and no tables"
	expect 0 test shelf -p outside/dbwright.yaml --provider-dir "$folder"
	expect 0 setup shelf -p outside/dbwright.yaml --provider-dir "$folder"
	says out "shelf: nothing to do: it is a store"
	typed=no expect 1 reset shelf -p outside/dbwright.yaml --provider-dir "$folder"
	says err "This removes everything in $library:box ***"
	typed=shelf expect 0 reset shelf -p outside/dbwright.yaml --provider-dir "$folder"
	says out "shelf: everything in it is removed"
	expect 4 test fails -p outside/dbwright.yaml --provider-dir "$folder"
	says out "fails: cannot connect: it is broken"
	expect 1 test odd -p outside/dbwright.yaml --provider-dir "$folder"
	says out "Good SQLite is a database with SQL: say schema:"
fi
cd /
[ -z "$server" ] || psql -qX "postgresql://${user#user=}@/postgres?host=${host#host=}" -c "DROP DATABASE dbw_cli_$$" \
	-c "DROP DATABASE dbw_once_$$" >/dev/null

echo "db: $count calls, $failed failures"
[ $failed -eq 0 ]
