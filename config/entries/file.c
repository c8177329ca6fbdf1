#include <entries/file.h>

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int dbw__file_read(const char *path, size_t limit, dbw_text_buffer *out)
{
	const size_t before = out->length;
	const int file = open(path, O_RDONLY | O_CLOEXEC);
	int problem = file < 0 ? errno : 0;

	while (problem == 0) {
		char bytes[4096];
		const ssize_t count = read(file, bytes, sizeof bytes);

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			problem = errno;
		if (count <= 0)
			break;
		if (!dbw_text_append(out, bytes, (size_t)count))
			problem = ENOMEM;
		else if (out->length - before > limit)
			problem = EFBIG;
	}
	if (file >= 0)
		close(file);
	return problem;
}
