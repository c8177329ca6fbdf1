/*
 * Notes in a database that a provider of one's own opens, and in a store the one that was written last:
 *
 *     provider FOLDER_OF_THE_LIBRARIES [NOTE]...
 */
#include "memo.h"

#include <dbwright/provider.h>
#include <notes.h>
#include <provider_program.h>

#include <stdio.h>

static int fail(const dbw_error *error)
{
	fprintf(stderr, "provider: %s\n", error->message);
	return 1;
}

static int fail_session(notes_session s)
{
	fail(dbw_session_error(s.any));
	notes_end(s);
	return 1;
}

/* Makes the table in the first run, writes, and prints what is there. */
static int run(dbw_databases *dbs, int count, char **texts)
{
	note_list list;
	notes_session s;
	dbw_error err;

	if (notes_begin(dbs, "make the table", &s, &err) != DBW_OK)
		return fail(&err);
	dbw_status status = notes_create_tables(s);
	if (status == DBW_OK)
		status = notes_commit(s);
	if (status != DBW_OK && status != DBW_EXISTS)
		return fail_session(s);
	notes_end(s);

	if (notes_begin(dbs, "write notes", &s, &err) != DBW_OK)
		return fail(&err);
	for (int i = 0; i < count; i++) {
		note n = NOTE_INIT;

		n.text = texts[i];
		if (note_insert(s, &n) != DBW_OK)
			return fail_session(s);
	}
	if (note_find(s.read, NULL, &list) != DBW_OK)
		return fail_session(s);
	note_each(each, &list) printf("%s\n", each->text);
	note_list_free(&list);
	return notes_commit(s) == DBW_OK ? 0 : fail_session(s);
}

/* Says what the store has, and keeps the last of the texts. */
static int remember(dbw_databases *dbs, int count, char **texts)
{
	char text[MEMO_SIZE];
	dbw_error err;
	memo *memos;

	if (memo_of(dbs, "memos", &memos, &err) != DBW_OK)
		return fail(&err);
	dbw_status status = memos->get(memos, "last", text, &err);
	if (status == DBW_OK)
		printf("last time: %s\n", text);
	if (status == DBW_NOT_FOUND)
		status = DBW_OK;
	if (status == DBW_OK && count > 0)
		status = memos->put(memos, "last", texts[count - 1], &err);
	return status == DBW_OK ? 0 : fail(&err);
}

int main(int argc, char **argv)
{
	const char *folders[] = { argc > 1 ? argv[1] : "." };
	/* The configuration names the libraries; which folders they may come from, the program alone says. */
	const dbw_options options = {
		.load_provider = dbw_load_provider, .provider_folders = folders, .provider_folder_count = 1
	};
	dbw_databases *dbs;
	dbw_error err;

	if (dbw_databases_open(&dbs, &provider_program, &options, &err) != DBW_OK)
		return fail(&err);
	int count = argc > 2 ? argc - 2 : 0;
	int code = run(dbs, count, argv + 2);
	if (code == 0)
		code = remember(dbs, count, argv + 2);
	if (dbw_databases_close(dbs, &err) != DBW_OK)
		return fail(&err);
	return code;
}
