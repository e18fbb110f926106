/** Size of the shop: seed, load and services agree on it here. */
export const CUSTOMERS = 300;
export const ORDERS = 240_000;
export const ITEMS_PER_ORDER = 4;
export const PRODUCTS = 500;
/** Products 1…n take all checkouts. */
export const HOT_PRODUCTS = 40;
export const ITEMS_INDEX = 'order_items_order_id_idx';
