// The table builder: a layout is a list of fields, and everything else (offsets, encode, decode) follows from it.

/** Field types of the uAPI structs: fixed width, little or big endian as the machine is. */
export type FieldType = 'u8' | 'u16' | 'u32' | 's32' | 'u64';

const WIDTH: Record<FieldType, number> = { u8: 1, u16: 2, u32: 4, s32: 4, u64: 8 };

/** A field that does not follow the one before it: a union member, or one after padding. */
export interface PlacedField<T extends FieldType = FieldType> {
  readonly at: number;
  readonly type: T;
}

export const at = <T extends FieldType>(offset: number, type: T): PlacedField<T> => ({ at: offset, type });

export type Fields = Record<string, FieldType | PlacedField>;

type TypeOf<F> = F extends PlacedField<infer T> ? T : F;
type ValueOf<F> = TypeOf<F> extends 'u64' ? bigint : number;
export type StructValue<F extends Fields> = { -readonly [K in keyof F]: ValueOf<F[K]> };

export interface Field {
  /** The camelCase name used in this program. */
  readonly name: string;
  /** The kernel's own name. */
  readonly kernelName: string;
  readonly type: FieldType;
  /** Bytes from the start of the struct. */
  readonly offset: number;
  readonly width: number;
}

/** One uAPI struct: its kernel name, size in bytes, and fields. */
export interface Struct<F extends Fields> {
  readonly name: string;
  readonly size: number;
  readonly fields: readonly Field[];
  /** Offset in bytes of each field. */
  readonly offsetOf: { readonly [K in keyof F]: number };
  /** A new buffer of `size` bytes; fields that are not given are 0. A leading `size` or `argsz` is filled in. */
  encode(value?: Partial<StructValue<F>>): Uint8Array;
  /** Writes the given fields into `bytes` at `offset`; others stay as they are. Throws RangeError if it does not fit. */
  write(bytes: Uint8Array, value: Partial<StructValue<F>>, offset?: number): void;
  /** Reads all fields. Throws RangeError if fewer than `size` bytes follow `offset`. */
  decode(bytes: Uint8Array, offset?: number): StructValue<F>;
}

const LITTLE = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

const toKernelName = (name: string): string =>
  (name.startsWith('reserved') ? '__' : '') + name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);

function layout(name: string, size: number, table: Fields): Field[] {
  let next = 0;
  const fields = Object.entries(table).map(([key, entry]): Field => {
    const type = typeof entry === 'string' ? entry : entry.type;
    const width = WIDTH[type];
    const offset = typeof entry === 'string' ? next : entry.at;
    if (offset % width !== 0) throw new Error(`struct ${name}: ${key} at ${offset} is not aligned to ${width}`);
    if (offset + width > size) throw new Error(`struct ${name}: ${key} ends at ${offset + width}, past ${size}`);
    next = offset + width;
    return { name: key, kernelName: toKernelName(key), type, offset, width };
  });
  const end = Math.max(...fields.map((f) => f.offset + f.width));
  // C pads the end to the strictest alignment, which is 8 at most.
  if (end !== size && Math.ceil(end / 8) * 8 !== size) {
    throw new Error(`struct ${name}: fields end at ${end}, the struct has ${size} bytes`);
  }
  return fields;
}

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function readField(v: DataView, type: FieldType, offset: number): number | bigint {
  switch (type) {
    case 'u8':
      return v.getUint8(offset);
    case 'u16':
      return v.getUint16(offset, LITTLE);
    case 'u32':
      return v.getUint32(offset, LITTLE);
    case 's32':
      return v.getInt32(offset, LITTLE);
    case 'u64':
      return v.getBigUint64(offset, LITTLE);
  }
}

function writeField(v: DataView, type: FieldType, offset: number, value: number | bigint): void {
  switch (type) {
    case 'u8':
      v.setUint8(offset, Number(value));
      break;
    case 'u16':
      v.setUint16(offset, Number(value), LITTLE);
      break;
    case 'u32':
      v.setUint32(offset, Number(value), LITTLE);
      break;
    case 's32':
      v.setInt32(offset, Number(value), LITTLE);
      break;
    case 'u64':
      v.setBigUint64(offset, BigInt(value), LITTLE);
      break;
  }
}

/**
 * Defines a struct from its table. Fields follow one another in the order given, without implicit padding;
 * `at()` places one elsewhere. Throws at load when a field is not aligned or the end is not `size`.
 */
export function struct<const F extends Fields>(name: string, size: number, table: F): Struct<F> {
  const fields = layout(name, size, table);
  const first = fields[0];
  const sizeField = first && (first.name === 'size' || first.name === 'argsz') ? first : undefined;
  const byName = new Map(fields.map((f) => [f.name, f]));

  const write = (bytes: Uint8Array, value: Partial<StructValue<F>>, offset = 0): void => {
    const v = view(bytes);
    for (const [key, given] of Object.entries(value)) {
      const field = byName.get(key);
      if (!field) throw new TypeError(`struct ${name} has no field ${key}`);
      if (given !== undefined) writeField(v, field.type, offset + field.offset, given as number | bigint);
    }
  };

  return {
    name,
    size,
    fields,
    offsetOf: Object.fromEntries(fields.map((f) => [f.name, f.offset])) as { [K in keyof F]: number },
    encode(value = {}) {
      const bytes = new Uint8Array(size);
      if (sizeField) writeField(view(bytes), sizeField.type, 0, size);
      write(bytes, value);
      return bytes;
    },
    write,
    decode(bytes, offset = 0) {
      const v = view(bytes);
      const value: Record<string, number | bigint> = {};
      for (const field of fields) value[field.name] = readField(v, field.type, offset + field.offset);
      return value as StructValue<F>;
    },
  };
}
