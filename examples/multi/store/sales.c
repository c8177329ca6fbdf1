#include "store.h"

static dbw_status add_line(shop_session s, int64_t purchase_id, const wish *wished)
{
	purchase_line line = PURCHASE_LINE_INIT;
	product *item;
	dbw_status status = product_find_by_sku(s.read, wished->sku, &item);

	if (status != DBW_OK)
		return status;
	line.purchase_id = purchase_id;
	line.product_id = item->id;
	line.quantity = wished->quantity;
	line.price = item->price;
	status = catalogue_take(s, item, wished->quantity);
	if (status == DBW_OK)
		status = purchase_line_insert(s, &line);
	product_free(item);
	return status;
}

dbw_status sales_buy(shop_session s, int64_t account_id, const wish *wishes, size_t count, int64_t *id)
{
	purchase row = PURCHASE_INIT;
	dbw_status status;

	row.account_id = account_id;
	status = purchase_insert(s, &row);
	for (size_t i = 0; status == DBW_OK && i < count; i++)
		status = add_line(s, row.id, &wishes[i]);
	*id = row.id;
	return status;
}
