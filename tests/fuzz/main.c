/* Runs a fuzz target over files and folders of inputs, for compilers without libFuzzer:   fuzz_yaml CORPUS... */
#include "fuzz.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

static size_t inputs;

static void fail(const char *path)
{
	perror(path);
	exit(1);
}

/* In memory of exactly its size, so that reading beyond it is seen. */
static void run_file(const char *path, size_t size)
{
	FILE *file = fopen(path, "rb");
	uint8_t *data = malloc(size);

	if (file == NULL || (data == NULL && size != 0) || fread(data, 1, size, file) != size)
		fail(path);
	fclose(file);
	/* Shown when the input stops the program. */
	fprintf(stderr, "%s\n", path);
	LLVMFuzzerTestOneInput(data, size);
	free(data);
	inputs++;
}

static void run_path(const char *path)
{
	struct stat about;
	DIR *folder;

	if (stat(path, &about) != 0)
		fail(path);
	if (!S_ISDIR(about.st_mode)) {
		run_file(path, (size_t)about.st_size);
		return;
	}
	folder = opendir(path);
	if (folder == NULL)
		fail(path);
	for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
		char inner[4096];

		if (entry->d_name[0] == '.')
			continue;
		if ((size_t)snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name) >= sizeof inner)
			fail(path);
		run_path(inner);
	}
	closedir(folder);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		run_path(argv[i]);
	printf("%zu inputs\n", inputs);
	return inputs == 0 ? 1 : 0;
}
