/*
 * The shop: three modules that share a schema. Each takes the session of its caller, so that one transaction can go through
 * all of them; none knows which database it is on.
 */
#ifndef MULTI_STORE_H
#define MULTI_STORE_H

#include <shop.h>

/* catalogue.c */
/* A product, new or known by its sku; its price and stock are what is said. */
dbw_status catalogue_put(shop_session s, const char *sku, const char *name, dbw_decimal price, int32_t stock);
/* Takes some of a product out of stock. DBW_CONFLICT with PRODUCT_IN_STOCK_CHECK: there are not that many. */
dbw_status catalogue_take(shop_session s, const product *item, int32_t quantity);

/* sales.c */
typedef struct wish {
	const char *sku;
	int32_t quantity;
} wish;
/* Buys what is wished for; *id is the purchase. DBW_NOT_FOUND (no such sku); as catalogue_take(). */
dbw_status sales_buy(shop_session s, int64_t account_id, const wish *wishes, size_t count, int64_t *id);

/* shipping.c */
dbw_status shipping_send(shop_session s, int64_t purchase_id, const char *carrier);

#endif
