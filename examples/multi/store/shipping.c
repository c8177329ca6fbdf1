#include "store.h"

dbw_status shipping_send(shop_session s, int64_t purchase_id, const char *carrier)
{
	shipment row = SHIPMENT_INIT;

	row.purchase_id = purchase_id;
	row.carrier = carrier;
	return shipment_insert(s, &row);
}
