#include <entries/outside.h>

#include <stdio.h>
#include <string.h>

bool dbw__is_outside(const char *provider)
{
	while (*provider != '\0' && *provider != ':')
		provider += strncmp(provider, "${", 2) == 0 ? strcspn(provider, "}") : 1;
	return *provider == ':';
}

bool dbw__is_written_outside(const char *provider)
{
	return dbw__is_outside(provider) && strchr(provider, '$') == NULL;
}

static bool is_identifier(const char *text)
{
	const char *at = text;

	while ((*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || *at == '_' ||
		(at != text && *at >= '0' && *at <= '9'))
		at++;
	return at != text && *at == '\0';
}

bool dbw__outside_split(const char *provider, dbw__outside *out, char problem[DBW__PROBLEM_SIZE])
{
	static const char of_program[] = "program:";
	const char *colon = strrchr(provider, ':');

	*problem = '\0';
	*out = (dbw__outside){ (size_t)(colon - provider), colon + 1 };
	if (!is_identifier(out->symbol))
		snprintf(problem, DBW__PROBLEM_SIZE,
			"must have the name of a symbol behind its colon, as in path/lib.so:symbol");
	else if (colon == provider)
		snprintf(problem, DBW__PROBLEM_SIZE,
			"must have a library before its colon, as in path/lib.so:symbol");
	else if (provider[out->library_length - 1] == '/')
		snprintf(problem, DBW__PROBLEM_SIZE,
			"must have a library before its colon, as in path/lib.so:symbol, not a folder");
	if (strncmp(provider, of_program, sizeof of_program - 1) == 0 &&
		out->library_length == sizeof of_program - 2)
		out->library_length = 0;
	return *problem == '\0';
}
