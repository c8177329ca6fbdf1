/** Where a column's value stands in its member of a row struct, and how large both are. */
#ifndef DBWRIGHT_DESCRIPTOR_MEMBER_H
#define DBWRIGHT_DESCRIPTOR_MEMBER_H

#include <dbwright/model.h>

/** The members of columns of one kind, in bytes. */
typedef struct dbw__member_layout {
	uint8_t size;          /**< Of the value, and so of the member of a NOT NULL column. */
	uint8_t nullable_size; /**< Of the member of a nullable column: of a dbw_opt_ struct as a rule. */
	uint8_t value_offset; /**< Of `value` in that struct; 0 for text, json and bytes, whose NULL is a pointer. */
} dbw__member_layout;

/** By dbw_kind. */
extern const dbw__member_layout dbw__member_layouts[DBW_KIND_ENUM + 1];

/** The layout of a column's kind; all zero for a number that is no kind. */
static inline const dbw__member_layout *dbw__member_layout_of(const dbw_column *column)
{
	return &dbw__member_layouts[column->kind <= DBW_KIND_ENUM ? column->kind : 0];
}

/** Bytes of a column's member in the row struct. */
static inline size_t dbw__member_size(const dbw_column *column)
{
	const dbw__member_layout *layout = dbw__member_layout_of(column);

	return (column->flags & DBW_COLUMN_NULLABLE) != 0 ? layout->nullable_size : layout->size;
}

/** Where the value of a nullable column begins in its member, in bytes. */
static inline size_t dbw__member_value_offset(const dbw_column *column)
{
	return dbw__member_layout_of(column)->value_offset;
}

/** Bytes of a column's value: its member, or the `value` of a dbw_opt_ struct. */
static inline size_t dbw__value_size(const dbw_column *column)
{
	return dbw__member_layout_of(column)->size;
}

#endif
