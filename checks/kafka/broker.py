"""A Kafka broker of real TCP connections in this process: the one that the official client has for tests of its own."""
import contextlib
import time

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

# A first answer of a broker that has just begun.
READY_S = 10
# A topic is made by the first record; the broker gives it as many partitions.
PARTITIONS = 4
# Its own log only where something is wrong; a connection that ends with the broker is not.
QUIET = {"log_level": 3, "log.connection.close": False}


class Broker:
    def __init__(self):
        # The address is never asked: the client makes brokers and speaks to them.
        self._keeper = Producer({"bootstrap.servers": "made.invalid:9092", "test.mock.num.brokers": 1, **QUIET})
        found = self._keeper.list_topics(timeout=READY_S).brokers.values()
        self.address = next(f"{broker.host}:{broker.port}" for broker in found)

    def producer(self, **more):
        # As other languages place keys; the broker's own client would place them differently.
        return Producer({"bootstrap.servers": self.address, "partitioner": "murmur2_random", **QUIET, **more})

    def make(self, topic):
        """A producer that asks for a topic makes it."""
        ends = time.monotonic() + READY_S
        while len(self._keeper.list_topics(topic, timeout=READY_S).topics[topic].partitions) != PARTITIONS:
            assert time.monotonic() < ends, f"the topic {topic} is not there"

    @contextlib.contextmanager
    def consumer(self, group):
        consumer = Consumer({
            "bootstrap.servers": self.address, "group.id": group, "auto.offset.reset": "earliest", "enable.auto.commit": False, **QUIET,
        })
        try:
            yield consumer
        finally:
            consumer.close()

    def records(self, topic):
        """All that lies in a topic now, partition after partition."""
        found = []
        with self.consumer("looks") as consumer:
            partitions = [TopicPartition(topic, partition, 0) for partition in range(PARTITIONS)]
            ends = {}
            for partition in partitions:
                with contextlib.suppress(KafkaException):
                    _, ends[partition.partition] = consumer.get_watermark_offsets(partition, timeout=READY_S)
            consumer.assign([partition for partition in partitions if ends.get(partition.partition, 0) > 0])
            while len(found) < sum(ends.values()):
                message = consumer.poll(READY_S)
                assert message is not None and not message.error(), f"{topic} cannot be read: {message and message.error()}"
                found.append(message)
        return found

    def behind(self, group, topic):
        """How many records of the topic the group has not committed."""
        with self.consumer(group) as consumer:
            committed = consumer.committed([TopicPartition(topic, partition) for partition in range(PARTITIONS)], timeout=READY_S)
            ends = [consumer.get_watermark_offsets(partition, timeout=READY_S)[1] for partition in committed]
        return sum(end - max(partition.offset, 0) for end, partition in zip(ends, committed))
