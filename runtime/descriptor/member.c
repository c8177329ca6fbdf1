#include <descriptor/member.h>

/* The optional twin of a generated enum, whose enumerators are as wide as int. */
struct opt_enum {
	bool has;
	int value;
};

#define SCALAR(type, optional)                                            \
	{                                                                 \
		sizeof(type), sizeof(optional), offsetof(optional, value) \
	}

const dbw__member_layout dbw__member_layouts[DBW_KIND_ENUM + 1] = {
	[DBW_KIND_BOOL] = SCALAR(bool, dbw_opt_bool),
	[DBW_KIND_INT16] = SCALAR(int16_t, dbw_opt_i16),
	[DBW_KIND_INT32] = SCALAR(int32_t, dbw_opt_i32),
	[DBW_KIND_INT64] = SCALAR(int64_t, dbw_opt_i64),
	[DBW_KIND_FLOAT32] = SCALAR(float, dbw_opt_f32),
	[DBW_KIND_FLOAT64] = SCALAR(double, dbw_opt_f64),
	[DBW_KIND_DECIMAL] = SCALAR(dbw_decimal, dbw_opt_decimal),
	[DBW_KIND_TEXT] = { sizeof(const char *), sizeof(const char *), 0 },
	[DBW_KIND_BYTES] = { sizeof(dbw_bytes), sizeof(dbw_bytes), 0 },
	[DBW_KIND_TIMESTAMP] = SCALAR(dbw_timestamp, dbw_opt_timestamp),
	[DBW_KIND_DATE] = SCALAR(dbw_date, dbw_opt_date),
	[DBW_KIND_TIME] = SCALAR(dbw_time, dbw_opt_time),
	[DBW_KIND_UUID] = SCALAR(dbw_uuid, dbw_opt_uuid),
	[DBW_KIND_JSON] = { sizeof(const char *), sizeof(const char *), 0 },
	[DBW_KIND_ENUM] = SCALAR(int, struct opt_enum),
};
