#!/bin/sh
# The command line from outside: what it prints where, and how it exits.   run.sh GENERATOR WORK_FOLDER SCHEMA
set -u

generator=$1
schema=$3
rm -rf "$2"
mkdir -p "$2"
cd "$2" || exit 1
failed=0
count=0
unset NO_COLOR

# expect EXIT WORDS...: runs dbwright with the words; leaves its output in out and err
expect()
{
	wanted=$1
	shift
	count=$((count + 1))
	what="dbwright $*"
	"$generator" "$@" >out 2>err </dev/null
	status=$?
	[ $status -eq "$wanted" ] || complain "exits with $status, not $wanted"
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

silent()
{
	[ ! -s "$1" ] || complain "$1 is not empty"
}

cat >dbwright.yaml <<'YAML'
project: shop
schema: auth
databases:
  auth: {connection_string: "sqlite:auth.db"}
models:
  user:
    fields: {id: id, name: text}
YAML
mkdir bad
sed 's/text}/txet}/' dbwright.yaml >bad/dbwright.yaml

expect 0 --help
says out "dbwright generate -o build/generated"
silent err
for command in check generate sql db; do
	expect 0 $command --help
	says out "Example:"
	says out "--project FILE"
	expect 0 help $command
	says out "dbwright $command:"
done
for command in init schema completions man help; do
	expect 0 $command --help
	says out "Example:"
	grep -q -e --project out && complain "an option that this command does not have"
	"$generator" help | grep -q "^  $command  " || complain "dbwright help does not list it"
done
expect 0 help
says out "Usage: dbwright COMMAND"
expect 2 help chekc
says err "did you mean 'check'?"
expect 2 --project dbwright.yaml schema
says err "there is no option '--project'"
expect 0 --version
grep -qxE 'dbwright [0-9]+\.[0-9]+\.[0-9]+' out || complain "the version is not one"

expect 2
says err "no command given"
silent out
expect 2 chekc
says err "did you mean 'check'?"
expect 2 check --nothing
says err "there is no option '--nothing'"
expect 2 check --color
says err "wants a value"
expect 2 check --color=green
says err "'green' is not a value for --color"
expect 2 check again
says err "one word too many"
expect 2 check models/again.yaml
says err "-p names the project file"
expect 2 generate
says err "-o DIR"
expect 2 sql --engine oracle
says err "'oracle' is not a value for --engine"
says err "hint: it is one of sqlite, postgresql"
expect 2 sql --engine postgres
says err "did you mean 'postgresql'? it is one of"

expect 0 check
says out "shop: 1 schema, 1 model, 1 database: no errors"
silent err
expect 0 check --quiet
silent out
expect 0 check --json
silent out
expect 0 --project dbwright.yaml check
expect 0 check -p dbwright.yaml
expect 1 check --project missing.yaml
says err "there is no such project file"
says err "missing.yaml"
silent out

expect 1 check --project bad/dbwright.yaml
says err 'bad/dbwright.yaml:7:28: error: field "name" in model "user" has the unknown type "txet"'
says err 'hint: did you mean "text"?'
silent out
expect 1 check --json --project bad/dbwright.yaml
says out '{"file":"bad/dbwright.yaml","line":7,"column":28,"severity":"error","code":"unknown-type","message":'
silent err
[ "$(grep -c '' out)" -eq 1 ] || complain "one error is not one line"

# Colours are for terminals, or for those who insist.
esc=$(printf '\033')
expect 1 check --project bad/dbwright.yaml
grep -q "$esc" err && complain "colours that nobody asked for"
expect 1 check --color=always --project bad/dbwright.yaml
grep -q "$esc" err || complain "no colours for --color=always"
if command -v script >/dev/null; then
	count=$((count + 1))
	what="dbwright check on a terminal"
	TERM=xterm script -qec "'$generator' check --project bad/dbwright.yaml" /dev/null >out 2>err </dev/null
	grep -q "$esc" out || complain "no colours on a terminal"
	what="dbwright check on a terminal with NO_COLOR"
	NO_COLOR=1 TERM=xterm script -qec "'$generator' check --project bad/dbwright.yaml" /dev/null >out 2>err </dev/null
	grep -q "$esc" out && complain "colours with NO_COLOR"
fi

expect 0 generate -o made/deep
says out "in made/deep"
[ -f made/deep/auth/user.h ] || complain "no header"
expect 0 generate -o made/deep
says out ", 0 of them new or changed"
expect 0 generate -o made/deep --quiet --depfile d --stamp s --source dbwright.c --source dbwright_tables.c
[ -f d ] && [ -f s ] || complain "no depfile or stamp"
says d "dbwright.yaml"
expect 2 generate -o made/deep --depfile e
says err "--depfile wants --stamp"
[ ! -e e ] || complain "a rule for nothing"
expect 1 generate -o made/deep --source other.c
says err "the build expects other.c"
expect 1 generate -o made/deep --source dbwright.c
says err "the build does not expect dbwright_tables.c"
# What is no longer made goes, if it is as it was written; what is in no list stays.
mkdir tidy
cat >tidy/dbwright.yaml <<'YAML'
project: shop
include: [*.model.yaml]
databases:
  auth: {connection_string: "sqlite:auth.db"}
YAML
sed -i 's/\[\*/["*/; s/yaml\]/yaml"]/' tidy/dbwright.yaml
printf 'schema: auth\nmodels:\n  user: {fields: {id: id}}\n  role: {fields: {id: id}}\n  team: {fields: {id: id}}\n' \
	>tidy/auth.model.yaml
printf 'schema: billing\nmodels:\n  invoice: {fields: {id: id}}\n' >tidy/billing.model.yaml
expect 0 generate -o tidied -p tidy/dbwright.yaml
[ -e tidied/billing/invoice.h ] && [ -e tidied/auth/role.h ] || complain "something is not made"
says tidied/dbwright.manifest ' auth/user.h'
cp tidied/auth/role.h tidied/auth/copy.h
echo '/* mine */' >>tidied/auth/team.h
echo outside >outside.h
echo '0123456789abcdef ../outside.h' >>tidied/dbwright.manifest
rm tidy/billing.model.yaml
sed -i '/role:/d; /team:/d' tidy/auth.model.yaml
expect 0 generate -o tidied -p tidy/dbwright.yaml
says out "; 6 removed, which are no longer made"
says err "tidied/auth/team.h: warning: this file is no longer made, and stays: it is not as it was written"
[ ! -e tidied/auth/role.h ] && [ ! -e tidied/billing.h ] && [ ! -e tidied/billing_model.c ] ||
	complain "what is no longer made stays"
[ ! -e tidied/billing ] || complain "an empty folder stays"
[ -e tidied/auth/copy.h ] && [ -e tidied/auth/team.h ] && [ -e outside.h ] || complain "something of others is gone"
expect 0 generate -o tidied -p tidy/dbwright.yaml
silent err
says out ", 0 of them new or changed"
! grep -q removed out || complain "something is removed twice"
[ -e tidied/auth/team.h ] || complain "a file that was changed is gone"
# Without the list nothing goes.
rm tidied/dbwright.manifest
printf 'schema: billing\nmodels:\n  invoice: {fields: {id: id}}\n' >tidy/billing.model.yaml
expect 0 generate -o tidied -p tidy/dbwright.yaml
rm tidy/billing.model.yaml tidied/dbwright.manifest
expect 0 generate -o tidied -p tidy/dbwright.yaml
[ -e tidied/billing.h ] || complain "a file that is in no list is gone"

expect 1 generate -o dbwright.yaml
says err "dbwright.yaml"
if [ "$(id -u)" -ne 0 ]; then
	mkdir -p locked && chmod a-w locked
	expect 1 generate -o locked
	says err "locked"
	expect 1 generate -o locked/new
	says err "Permission denied"
fi

expect 0 sql
says out 'CREATE TABLE "user"'
says out 'GENERATED BY DEFAULT AS IDENTITY'
expect 0 sql --engine sqlite --schema auth
says out 'STRICT'
grep -q IDENTITY out && complain "the other engine's SQL"
expect 1 sql --schema nothing
says err 'there is no schema "nothing"'
silent out
expect 1 sql --schema auht
says err 'did you mean "auth"?'
expect 1 sql --project bad/dbwright.yaml
silent out

# A new project. What it holds is built by the package tests.
refuses_init()
{
	expect "$@"
	silent out
	[ ! -e new ] || complain "something was written"
}
expect 0 init new
says out "Wrote 9 files to new. Next:"
says out "  cd new"
says out "  ./build/new \"Buy milk\""
expect 0 check --project new/dbwright.yaml
[ -f new/.gitignore ] && [ -f new/CMakeLists.txt ] && [ -f new/models/notes.yaml ] || complain "files are missing"
[ ! -e new/Makefile ] && [ ! -e new/meson.build ] || complain "files of another build system"
cp -R new as_it_was
expect 1 init new --name other --build make
says err "new/main.c: error: there is such a file already"
says err "new/models/notes.yaml: error: "
silent out
diff -r new as_it_was || complain "something was overwritten"
rm -r new/dbwright.yaml new/*.c new/models new/README.md new/.gitignore new/CMakeLists.txt
expect 1 init new
says err "new/store.h: error: there is such a file already"
[ "$(ls -A new)" = store.h ] || complain "half of a project was written"
rm -r new
refuses_init 2 init new --name Shop
says err "'Shop' does not begin with a lower-case letter"
refuses_init 2 init new --name test
says err "--name NAME"
refuses_init 2 init new --name "$(printf '%041d' 0 | tr 0 a)"
refuses_init 2 init new --name ''
refuses_init 2 init new --build scons
says err "'scons' is not a value"
refuses_init 2 init new old
refuses_init 1 init dbwright.yaml/new
says err "Not a directory"
mkdir new && : >new/models
expect 1 init new
says err "models/notes.yaml: error: cannot write this file"
[ "$(ls -A new)" = models ] || complain "half of a project was written"
rm -r new
refuses_init 2 init notes --build meson
# The name follows from the folder, whatever that is called.
for pair in 'My Shop.c=my_shop_c' '9lives=lives' 'deep/er/=er' '--=app' '__x__=x' 'caf'"$(printf '\303\251')"'s=caf_s'; do
	folder=new/${pair%=*}
	expect 0 init "$folder" --quiet
	silent out
	says "$folder/dbwright.yaml" "project: ${pair##*=}"
	expect 0 check --project "$folder/dbwright.yaml"
done
mkdir new/here
(cd new/here && "$generator" init >../../out 2>../../err </dev/null) || complain "exits with an error"
says out "Wrote 9 files to ."
grep -q 'cd ' out && complain "cd to where one is"
says new/here/dbwright.yaml "project: here"
expect 0 init "new/it's" --quiet --build make
expect 0 init "new/it's it"
says out "  cd 'new/it'\\''s it'"
rm -r new
for build in cmake make meson; do
	for name in main store models build generated notes_db int program a; do
		expect 0 init new/$build/$name --build $build --quiet
		expect 0 check --quiet --project new/$build/$name/dbwright.yaml
	done
done
rm -r new

expect 0 schema
cmp -s out "$schema" || complain "not the JSON Schema"
expect 2 completions
says err "completions wants SHELL"
says err "hint: SHELL is bash, zsh or fish"
expect 2 completions ksh

if [ -e /dev/full ]; then
	for words in --help --version 'help check' 'check --help' man schema 'completions bash'; do
		count=$((count + 1))
		what="dbwright $words on a full disk"
		# shellcheck disable=SC2086 # words
		"$generator" $words >/dev/full 2>err && complain "a write that fails is no error"
		[ "$(grep -c "standard output: No space left on device" err)" -eq 1 ] || complain "it does not say why, once"
		says err "standard output"
	done
	count=$((count + 1))
	what="dbwright sql on a full disk"
	"$generator" sql >/dev/full 2>err && complain "a write that fails is no error"
	says err "standard output"
	what="dbwright check on a full disk"
	"$generator" check >/dev/full 2>err && complain "a write that fails is no error"
	says err "standard output"
fi

# db list: where each database is, and who says so.
mkdir -p shop/apps/blog/models
cat >shop/dbwright.yaml <<'YAML'
project: shop
schema: auth
include: [apps/*/models/*.yaml]
defaults: {pool_size: "${SIZE:-3}"}
databases:
  auth: {default: true, connection_string: "postgresql://ada:geheim@db.example/auth", journal_mode: wal}
  copy: {schema: auth, qualifier: second, connection_string: "${COPY_URL}"}
models:
  user:
    fields: {id: id, name: text}
profiles:
  test: {databases: {auth: {connection_string: "sqlite::temp:"}}}
YAML
sed -i 's/, journal_mode: wal//' shop/dbwright.yaml
echo 'models: {post: {fields: {id: id}}}' >shop/apps/blog/models/post.yaml
echo 'path: blog.db' >shop/apps/blog/database.yaml
root=$(cd shop && pwd -P)
unset COPY_URL SIZE DBWRIGHT_ENV DATABASE_URL AUTH_DATABASE_URL

expect 1 db list -p shop/dbwright.yaml
cat >wanted <<TEXT
auth: schema auth, the default
    postgresql postgresql://ada:***@db.example/auth
    said by dbwright.yaml:6:44
copy as second: schema auth
    not resolved
blog: schema blog
    sqlite sqlite:$root/apps/blog/blog.db
    said by apps/blog/database.yaml:1:7
TEXT
cmp -s wanted out || complain "out is not what is wanted"
says err 'dbwright.yaml:7:62: error: "connection_string" of database "copy": the environment variable COPY_URL is not set'
expect 1 check --all -p shop/dbwright.yaml
says err 'the environment variable COPY_URL is not set'
expect 0 check -p shop/dbwright.yaml
echo 'COPY_URL=copy.db' >shop/.env
expect 1 check --all -p shop/dbwright.yaml
says err 'hint: ${COPY_URL} is to be sqlite:path/to/file.db'
# What only the driver knows.
for words in '?sslmode=banana' '?hots=x' ':99999/d'; do
	echo "COPY_URL=postgresql://ada@localhost$words" >shop/.env
	expect 1 check --all -p shop/dbwright.yaml
	says err 'error: database "copy": connection_string: '
done
echo 'COPY_URL=sqlite:/copy.db' >shop/.env
expect 0 db list copy -p shop/dbwright.yaml
says out 'said by dbwright.yaml:7:62, ${COPY_URL}'
echo 'AUTH_DATABASE_URL=sqlite:/mine.db' >>shop/.env
expect 0 db list auth -p shop/dbwright.yaml
says out 'said by .env AUTH_DATABASE_URL'
echo 'COPY_URL=sqlite:/copy.db' >shop/.env
expect 0 check --all -p shop/dbwright.yaml
DBWRIGHT_ENV=test
AUTH_DB_PASSWORD=geheim
AUTH_DB_HOST=other.example
export DBWRIGHT_ENV AUTH_DB_PASSWORD AUTH_DB_HOST
expect 0 db list --verbose -p shop/dbwright.yaml
says out '    postgresql postgresql://:***@other.example'
says out '    + password: *** (environment AUTH_DB_PASSWORD)'
says out '    - connection_string: sqlite::temp: (dbwright.yaml:12:48)'
unset AUTH_DB_PASSWORD AUTH_DB_HOST
# Parts of a profile, and of an entry that extends another, are put on top of the connection string.
mkdir layers
cat >layers/dbwright.yaml <<'YAML'
project: shop
schema: auth
databases:
  auth: {connection_string: "postgresql://ada@db.example/auth"}
  other: {name: second, extends: auth}
models: {user: {fields: {id: id}}}
profiles:
  test: {databases: {auth: {host: near.example, password: "${file:secret}"}}}
YAML
echo geheim >layers/secret
expect 0 db list -p layers/dbwright.yaml
says out 'postgresql://ada:***@near.example/auth'
says out 'postgresql://ada:***@near.example/second'
expect 0 db list --json -p shop/dbwright.yaml
says out '{"name":"auth","qualifier":"auth","schema":"auth","default":true,"provider":"sqlite","url":"sqlite::temp:","source":"dbwright.yaml:12:48","settings":[{"key":"connection_string"'
says out '{"key":"schema","value":"auth","source":"dbwright.yaml:7:18","state":"used"}'
[ "$(wc -l <out)" -eq 3 ] || complain "not one object per line"
! grep -q geheim out || complain "a secret is shown"
# A profile that is not there: perhaps another one was meant.
DBWRIGHT_ENV=tset
expect 1 db list -p shop/dbwright.yaml
says err 'environment DBWRIGHT_ENV: error: there is no profile "tset"'
says err 'did you mean "test"?'
DBWRIGHT_ENV=elsewhere
expect 0 db list -p shop/dbwright.yaml
says err 'environment DBWRIGHT_ENV: warning: there is no profile "elsewhere": no profile counts'
DBWRIGHT_ENV=production
expect 0 db list -p shop/dbwright.yaml
[ ! -s err ] || complain "production is said to be no profile"
unset DBWRIGHT_ENV
expect 2 db
says err "db wants ACTION"
says err "hint: ACTION is list, status, test, setup, reset, config or providers"
expect 2 db lost
says err "'lost' is not what db takes"
says err "hint: did you mean 'list'? There is list, status, test, setup, reset, config or providers"
expect 2 db everything
says err "hint: ACTION is list, status, test, setup, reset, config or providers"
expect 2 db list more -p shop/dbwright.yaml
says err "there is no database 'more'"
expect 0 db list blog -p shop/dbwright.yaml
[ "$(wc -l <out)" -eq 3 ] || complain "not the one that is named"
expect 2 db list blog more
says err "'more' is one word too many"
mkdir none
printf 'project: none\nschema: auth\nmodels:\n  user: {fields: {id: id}}\n' >none/dbwright.yaml
for action in list status setup; do
	expect 0 db $action -p none/dbwright.yaml
	silent out
	says err 'none/dbwright.yaml: warning: the project has no databases'
	says err 'hint: write databases: {auth: {connection_string: "sqlite:auth.db"}}'
done

echo "cli: $count calls, $failed failures"
[ $failed -eq 0 ]
