#include "store.h"

dbw_status catalogue_put(shop_session s, const char *sku, const char *name, dbw_decimal price, int32_t stock)
{
	product row = PRODUCT_INIT;

	row.sku = sku;
	row.name = name;
	row.price = price;
	row.stock = stock;
	return product_upsert_by_sku(
		s, &row, (product_columns){ .name = true, .price = true, .stock = true });
}

dbw_status catalogue_take(shop_session s, const product *item, int32_t quantity)
{
	/* The database subtracts: two that buy at the same time both count. */
	return product_update_where(s,
		&(product_change){
			.where = { .id = dbw_eq(item->id) }, .set = { .stock = dbw_add(-quantity) } },
		NULL);
}
