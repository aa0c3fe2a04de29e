/** The data types of the SSH protocol (RFC 4251 §5), as bytes. Pure. */

/** Bytes that are not what the SSH protocol says they should be. */
export class WireFault extends Error {}

export function packU32(value: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeUInt32BE(value);
  return out;
}

export function packU64(value: bigint): Buffer {
  const out = Buffer.alloc(8);
  out.writeBigUInt64BE(value);
  return out;
}

/** A `string`: its length and its bytes; text is UTF-8. */
export function packString(value: string | Uint8Array): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
  return Buffer.concat([packU32(bytes.byteLength), bytes]);
}

/** An `mpint` from the big-endian bytes of a number that is not negative. */
export function packMpint(magnitude: Uint8Array): Buffer {
  const first = magnitude.findIndex((byte) => byte !== 0);
  const bytes = first < 0 ? new Uint8Array(0) : magnitude.subarray(first);
  const sign = (bytes[0] ?? 0) & 0x80 ? [Buffer.from([0])] : [];
  return packString(Buffer.concat([...sign, bytes]));
}

/** Reads the types one after another; throws `WireFault` at the first that is not there. */
export class WireReader {
  #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Number of bytes read so far. */
  get offset(): number {
    return this.#at;
  }

  get done(): boolean {
    return this.#at === this.#bytes.length;
  }

  take(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new WireFault('the data ends too early');
    const out = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return out;
  }

  u8(): number {
    return this.take(1).readUInt8();
  }

  u32(): number {
    return this.take(4).readUInt32BE();
  }

  u64(): bigint {
    return this.take(8).readBigUInt64BE();
  }

  string(): Buffer {
    return this.take(this.u32());
  }

  text(): string {
    return this.string().toString('utf8');
  }

  /** The big-endian bytes of an `mpint`, without leading zeros; a negative one is a fault. */
  mpint(): Buffer {
    const bytes = this.string();
    if ((bytes[0] ?? 0) & 0x80) throw new WireFault('a number is negative');
    return bytes[0] === 0 ? bytes.subarray(1) : bytes;
  }

  /** Everything must have been read. */
  end(): void {
    if (!this.done) throw new WireFault('there is more data than expected');
  }
}
