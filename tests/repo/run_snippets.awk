# The blocks of C of a page that are marked as run, as functions, and a table of them, into the file `out`. `beside` is
# whether a block begins writers itself: on SQLite it would wait for one that is open already.
$0 ~ /^<!-- compiled and run( with .+)? -->$/ {
	armed = 1
	text = $0
	sub(/^<!-- compiled and run( with )?/, "", text)
	sub(/ ?-->$/, "", text)
	next
}
$0 == "<!-- compiled for a file -->" { whole = 1; next }
/^```c$/ && (whole || armed) {
	inside = whole ? 2 : 1
	whole = armed = 0
	first = NR + 1
	beside = 0
	if (inside == 1) {
		count++
		printf "static int snippet_%d(dbw_databases *dbs, dbw_error err, auth_session s, auth_reader r, user *ada, " \
			"const char *text)\n{\n\t(void)dbs, (void)err, (void)s, (void)r, (void)ada, (void)text;\n\t{\n", count >out
	}
	printf "#line %d \"%s\"\n", first, page >out
	next
}
/^```/ && inside == 1 {
	print "\t}\n\treturn 0;\n}" >out
	table = table sprintf("\t{ %d, snippet_%d, \"%s\", %s },\n", first, count, text, beside ? "true" : "false")
}
/^```/ { inside = 0 }
inside { print >out }
inside && /auth_begin|auth_transaction/ { beside = 1 }
END { printf "static const struct snippet snippets[] = {\n%s};\n", table >out }
