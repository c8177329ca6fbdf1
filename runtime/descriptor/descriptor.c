#include <dbwright/model.h>

/* One byte with an address of its own: it reads as an empty text, and only its address marks a value nobody has set. */
const char dbw__text_unset[1] = "";
