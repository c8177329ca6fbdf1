#include <descriptor/member.h>
#include <driver/plain.h>

/* 10^18: a decimal of up to 18 digits is a scaled integer between its negative and itself, both excluded. */
enum { DIGITS = 18 };

static int64_t greatest_of(unsigned digits)
{
	int64_t power = 1;

	for (unsigned i = 0; i < digits && i < DIGITS; i++)
		power *= 10;
	return power - 1;
}

void dbw__integer_range(const dbw_column *column, uint64_t *from, uint64_t *span)
{
	int64_t least = INT64_MIN, greatest = INT64_MAX;

	switch (column->kind) {
	case DBW_KIND_BOOL: least = 0, greatest = 1; break;
	case DBW_KIND_INT16: least = INT16_MIN, greatest = INT16_MAX; break;
	case DBW_KIND_INT32: least = INT32_MIN, greatest = INT32_MAX; break;
	case DBW_KIND_TIMESTAMP: least = DBW_TIMESTAMP_MIN, greatest = DBW_TIMESTAMP_MAX; break;
	case DBW_KIND_DATE: least = DBW_DATE_MIN, greatest = DBW_DATE_MAX; break;
	case DBW_KIND_TIME: least = DBW_TIME_MIN, greatest = DBW_TIME_MAX; break;
	case DBW_KIND_DECIMAL:
		greatest = greatest_of(column->precision);
		least = -greatest;
		break;
	default: break;
	}
	*from = (uint64_t)least;
	*span = (uint64_t)greatest - (uint64_t)least;
}

static bool way_of(const dbw_column *column, uint8_t *out)
{
	static const uint8_t ways[] = {
		[DBW_KIND_BOOL] = DBW__WAY_BOOL,
		[DBW_KIND_INT16] = DBW__WAY_INT16,
		[DBW_KIND_INT32] = DBW__WAY_INT32,
		[DBW_KIND_INT64] = DBW__WAY_INT64,
		[DBW_KIND_FLOAT32] = DBW__WAY_FLOAT32,
		[DBW_KIND_FLOAT64] = DBW__WAY_FLOAT64,
		[DBW_KIND_DECIMAL] = DBW__WAY_DECIMAL,
		[DBW_KIND_TEXT] = DBW__WAY_TEXT,
		[DBW_KIND_BYTES] = DBW__WAY_BYTES,
		[DBW_KIND_TIMESTAMP] = DBW__WAY_RANGE,
		[DBW_KIND_DATE] = DBW__WAY_DATE,
		[DBW_KIND_TIME] = DBW__WAY_RANGE,
		[DBW_KIND_UUID] = DBW__WAY_UUID,
		[DBW_KIND_JSON] = DBW__WAY_JSON,
		[DBW_KIND_ENUM] = DBW__WAY_ENUM,
	};

	if (column->kind == 0 || column->kind >= sizeof ways)
		return false;
	*out = (column->flags & DBW_COLUMN_REFERENCE_ID) != 0 ? DBW__WAY_RANGE : ways[column->kind];
	return true;
}

bool dbw__plain_plan(const dbw_column *column, dbw_engine engine, dbw__plain_member *out)
{
	const unsigned made =
		DBW_COLUMN_NOW | DBW_COLUMN_NOW_ON_UPDATE | DBW_COLUMN_UUID_V4 | DBW_COLUMN_UUID_V7;
	const bool nullable = (column->flags & DBW_COLUMN_NULLABLE) != 0;

	*out = (dbw__plain_member){ .offset = column->offset,
		.scale = column->scale,
		.length = column->length,
		.values = column->values };
	if ((column->flags & (DBW_COLUMN_EXPRESSION | DBW_COLUMN_GENERATED)) != 0)
		return false;
	/* What SQLite keeps as text is printed for it. */
	if (engine == DBW_SQLITE && (column->flags & DBW_COLUMN_TEXT_STORAGE) != 0)
		return false;
	/* An unset time or uuid is none that a NOT NULL column takes; a nullable one may be NULL or unset. */
	if (nullable && (column->flags & made) != 0)
		return false;
	if (!way_of(column, &out->plain_way))
		return false;
	out->way = out->plain_way;
	if (nullable) {
		out->inside = (uint8_t)dbw__member_value_offset(column);
		out->way = out->inside != 0 ? DBW__WAY_OPTIONAL : DBW__WAY_NULLABLE;
	}
	dbw__integer_range(column, &out->least, &out->span);
	/* Every number but 0, which is an id that nobody has set. */
	if ((column->flags & DBW_COLUMN_REFERENCE_ID) != 0) {
		out->least = 1;
		out->span = UINT64_MAX - 1;
	}
	return true;
}

bool dbw__plain_takes_all(const dbw__plain_member *member)
{
	switch ((dbw__plain_way)member->plain_way) {
	case DBW__WAY_BOOL:
	case DBW__WAY_INT16:
	case DBW__WAY_INT32:
	case DBW__WAY_INT64: return true;
	default: return false;
	}
}

bool dbw__plain_row(const dbw__plain_member *members, size_t count, const void *row)
{
	const dbw__plain_member *const end = members + count;

	for (const dbw__plain_member *member = members; member != end; member++) {
		const void *at = (const char *)row + member->offset;
		unsigned way = member->way;
		size_t length;

	again:
		switch ((dbw__plain_way)way) {
		case DBW__WAY_NULLABLE:
			way = member->plain_way;
			if (dbw__plain_is_null(member, at))
				continue;
			goto again;
		case DBW__WAY_OPTIONAL:
			way = member->plain_way;
			if (!*(const bool *)at) /* `has` comes first in every dbw_opt_ struct */
				continue;
			at = (const char *)at + member->inside;
			goto again;
		case DBW__WAY_BOOL:
		case DBW__WAY_INT16:
		case DBW__WAY_INT32:
		case DBW__WAY_INT64: continue;
		case DBW__WAY_DATE:
			if (dbw__plain_in_range(member, *(const int32_t *)at))
				continue;
			return false;
		case DBW__WAY_RANGE:
			if (dbw__plain_in_range(member, *(const int64_t *)at))
				continue;
			return false;
		case DBW__WAY_DECIMAL:
			if (dbw__plain_decimal(member, at))
				continue;
			return false;
		case DBW__WAY_TEXT:
			if (dbw__plain_text(member, *(const char *const *)at, &length))
				continue;
			return false;
		case DBW__WAY_JSON:
			if (dbw__plain_json(member, *(const char *const *)at, &length))
				continue;
			return false;
		case DBW__WAY_ENUM:
			if (dbw__plain_enum(member, *(const int *)at))
				continue;
			return false;
		case DBW__WAY_UUID:
			if (dbw__plain_uuid(at))
				continue;
			return false;
		case DBW__WAY_FLOAT32:
			if (!isnan(*(const float *)at))
				continue;
			return false;
		case DBW__WAY_FLOAT64:
			if (!isnan(*(const double *)at))
				continue;
			return false;
		case DBW__WAY_BYTES:
			if (dbw__plain_bytes(at))
				continue;
			return false;
		}
		__builtin_unreachable();
	}
	return true;
}
