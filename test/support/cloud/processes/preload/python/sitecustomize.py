# What listen-on-task-address.cjs is for Node.
import os
import socket

address = os.environ.get("FAKE_TASK_ADDRESS")

if address:
    bind = socket.socket.bind

    def bind_to_task(self, where):
        if self.family == socket.AF_INET and where[0] in ("", "0.0.0.0", "127.0.0.1", "localhost"):
            where = (address, where[1])
        return bind(self, where)

    socket.socket.bind = bind_to_task
