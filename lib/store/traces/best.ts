/** The first `size` of many items by an order, and at most as many again beside them while items come in. */
export class Best<T> {
  private readonly order: (a: T, b: T) => number;
  private readonly size: number;
  private items: T[] = [];

  constructor(order: (a: T, b: T) => number, size: number) {
    this.order = order;
    this.size = size;
  }

  add(item: T): void {
    if (this.items.push(item) >= this.size * 2) this.cut();
  }

  list(): readonly T[] {
    this.cut();
    return this.items;
  }

  private cut(): void {
    this.items = this.items.sort(this.order).slice(0, this.size);
  }
}
