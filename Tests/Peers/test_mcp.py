"""The official Python client of the Model Context Protocol against `genret mcp` and `genret serve --mcp`."""

import asyncio
import json
import subprocess
import unittest

from mcp import StdioServerParameters
from mcp.client.client import Client
from mcp.shared.exceptions import MCPError

from peers import GENRET, INDEX, server

QUESTION = "grey liquid on my starter"
MODES = ["auto", "2026-07-28", "legacy"]


class ClientTests(unittest.TestCase):
    def everything(self, target, mode):
        async def run():
            async with Client(target, mode=mode) as client:
                tools = (await client.list_tools()).tools
                self.assertEqual([tool.name for tool in tools], ["fetch", "search"])
                for tool in tools:
                    self.assertTrue(tool.annotations.read_only_hint)
                    self.assertIsNotNone(tool.output_schema)
                found = await client.call_tool("search", {"query": QUESTION, "limit": 3})
                self.assertFalse(found.is_error)
                results = found.structured_content["results"]
                self.assertEqual(json.loads(found.content[0].text), found.structured_content)
                self.assertEqual(len(results), 3)
                self.assertEqual(results[0]["id"], "sourdough-starter")
                for result in results:
                    passage = await client.call_tool("fetch", {"id": result["id"]})
                    self.assertEqual(passage.structured_content["url"], result["url"])
                    self.assertEqual(passage.structured_content["title"], result["title"])
                templates = (await client.list_resource_templates()).resource_templates
                self.assertEqual(templates[0].name, "passage")
                read = await client.read_resource(results[0]["url"])
                self.assertIn("grey liquid", read.contents[0].text)
                for arguments in [{}, {"query": ""}, {"query": "x", "limit": 0}, {"query": "x", "limt": 3}]:
                    wrong = await client.call_tool("search", arguments)
                    self.assertTrue(wrong.is_error, arguments)
                missing = await client.call_tool("fetch", {"id": "no such passage"})
                self.assertTrue(missing.is_error)
                self.assertIn("no such passage", missing.content[0].text)
                for call in [client.call_tool("nothing", {}), client.read_resource("genret:///sample/nothing")]:
                    with self.assertRaises(MCPError) as caught:
                        await call
                    self.assertEqual(caught.exception.error.code, -32602)
                many = await asyncio.gather(*(client.call_tool("search", {"query": QUESTION}) for _ in range(4)))
                self.assertEqual(len({answer.content[0].text for answer in many}), 1)

        asyncio.run(run())

    def test_over_standard_streams(self):
        for mode in MODES:
            with self.subTest(mode):
                self.everything(StdioServerParameters(command=GENRET, args=["mcp", INDEX]), mode)

    def test_over_http(self):
        with server("--mcp") as url:
            for mode in MODES:
                with self.subTest(mode):
                    self.everything(url + "/mcp", mode)


class LineTests(unittest.TestCase):
    """What no client sends, and how much at once."""

    def talk(self, lines):
        done = subprocess.run(
            [GENRET, "mcp", INDEX], input="".join(line + "\n" for line in lines).encode(), capture_output=True, timeout=120
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def test_errors(self):
        meta = {"io.modelcontextprotocol/protocolVersion": "1999-01-01", "io.modelcontextprotocol/clientCapabilities": {}}
        known = {"io.modelcontextprotocol/protocolVersion": "2026-07-28"}
        cases = [
            ("not json", -32700),
            ('{"jsonrpc":"2.0","id":1}', -32600),
            ('{"jsonrpc":"1.0","id":1,"method":"ping"}', -32600),
            ('{"jsonrpc":"2.0","id":{},"method":"ping"}', -32600),
            ('{"jsonrpc":"2.0","id":1,"method":"nothing"}', -32601),
            (json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": meta}}), -32022),
            (json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": known}}), -32602),
            ('{"jsonrpc":"2.0","id":1,"method":"tools/list","params":[]}', -32602),
        ]
        for line, code in cases:
            with self.subTest(line):
                self.assertEqual(self.talk([line])[0]["error"]["code"], code)

    def test_a_thousand_pipelined(self):
        call = {"name": "fetch", "arguments": {"id": "sourdough-starter"}}
        lines = [json.dumps({"jsonrpc": "2.0", "id": n, "method": "tools/call", "params": call}) for n in range(1000)]
        lines.append(json.dumps({"jsonrpc": "2.0", "method": "notifications/initialized"}))
        answers = self.talk(lines)
        self.assertEqual(sorted(answer["id"] for answer in answers), list(range(1000)))
        for answer in answers:
            text = answer["result"]["content"][0]["text"]
            self.assertTrue("grey liquid" in text or answer["result"]["isError"] and text.startswith("busy"))

    def test_a_query_of_a_megabyte(self):
        call = {"name": "search", "arguments": {"query": "word " * 200_000}}
        answer = self.talk([json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call})])[0]
        self.assertTrue(answer["result"]["isError"])

    def test_the_client_goes(self):
        process = subprocess.Popen([GENRET, "mcp", INDEX], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        process.stdout.close()
        call = {"name": "search", "arguments": {"query": QUESTION}}
        line = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}) + "\n"
        try:
            for _ in range(20):
                process.stdin.write(line.encode())
                process.stdin.flush()
        except BrokenPipeError:
            pass
        try:
            process.stdin.close()
        except BrokenPipeError:
            pass
        self.assertIn(process.wait(timeout=60), [0, 141])


if __name__ == "__main__":
    unittest.main()
