"""Keys of partitions that Flink spreads evenly over its subtasks.

Flink puts a key into one of `max_parallelism` groups by a hash, and gives each subtask a range of groups. A handful of
keys, left to the hash, would pile up on some subtasks; so each key gets a suffix that puts it where it should be.
"""

from itertools import count

_WORD = 0xFFFFFFFF


def partition_key(partition: int, max_parallelism: int) -> str:
    """The key of a partition: the same however many partitions there are, so that some may be added.

    The groups of partitions 0, 1, 2 … are those of the van der Corput sequence (0, 1/2, 1/4, 3/4, 1/8 …): the first n
    lie evenly in the range for every n.
    """
    wanted = int(_van_der_corput(partition) * max_parallelism)
    keys = (f"{partition}.{suffix}" for suffix in count())
    return next(key for key in keys if key_group(key, max_parallelism) == wanted)


def partition_of(key: str) -> int:
    """The partition that a key stands for."""
    return int(key.partition(".")[0])


def key_group(key: str, max_parallelism: int) -> int:
    """Flink's group of a key of a portable Beam job: MurmurHash of the hash code of the encoded key's ByteBuffer."""
    text = key.encode()
    assert len(text) < 128, "its length is one byte"
    code = 1
    for byte in reversed(bytes([len(text)]) + text):
        code = (31 * code + (byte - 256 if byte > 127 else byte)) & _WORD
    return abs(_signed(_murmur(code))) % max_parallelism


def _murmur(code: int) -> int:
    """Flink's `MathUtils.murmurHash`, before the sign is taken off."""
    code = (code * 0xCC9E2D51) & _WORD
    code = (_rotated(code, 15) * 0x1B873593) & _WORD
    code = (_rotated(code, 13) * 5 + 0xE6546B64) & _WORD
    code ^= 4
    code ^= code >> 16
    code = (code * 0x85EBCA6B) & _WORD
    code ^= code >> 13
    code = (code * 0xC2B2AE35) & _WORD
    return code ^ code >> 16


def _rotated(word: int, bits: int) -> int:
    return ((word << bits) | (word >> (32 - bits))) & _WORD


def _signed(word: int) -> int:
    return word - (1 << 32) if word >> 31 else word


def _van_der_corput(number: int) -> float:
    """The binary digits of a number mirrored at the point."""
    value, share = 0.0, 0.5
    while number:
        value += share * (number & 1)
        number, share = number >> 1, share / 2
    return value
