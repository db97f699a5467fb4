"""Builder sessions are bounded, and a full house still shows the way to the data."""

import asyncio

from tests.web.client import Client, greet, open_socket, signed_in, token_of


def test_a_full_house_says_so_and_offers_the_ready_charts(open_house) -> None:
    served = open_house(sessions=2, sessions_per_address=5)
    reader = Client(served.url)
    assert [reader.ask("/build").status for _ in range(3)] == [200, 200, 503]
    answer = reader.ask("/build?chart=/charts/abc&lang=es")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "60")
    assert "El constructor está lleno" in answer.text
    for link in ("/charts/abc", "/search", "/stories", "/build?chart=%2Fcharts%2Fabc"):
        assert f'href="{link}' in answer.text or link in answer.text
    assert reader.ask("/hello").status == 200
    assert signed_in(served.url, "author").ask("/studio").status == 200


def test_one_address_cannot_fill_the_house(open_house) -> None:
    served = open_house(sessions=100, sessions_per_address=2)
    reader = Client(served.url)
    assert [reader.ask("/build").status for _ in range(3)] == [200, 200, 503]


def test_forgotten_pages_make_room_again(open_house) -> None:
    served = open_house(sessions=100, sessions_per_address=1)
    reader = Client(served.url)

    async def wait() -> int:
        for _ in range(60):
            await asyncio.sleep(0.5)
            answer = await asyncio.to_thread(reader.ask, "/build")
            if answer.status == 200:
                break
        return answer.status

    assert reader.ask("/build").status == 200
    assert reader.ask("/build").status == 503
    assert asyncio.run(wait()) == 200


def test_open_websockets_are_bounded_too(open_house) -> None:
    served = open_house(sessions=100, sessions_per_address=2)
    reader = Client(served.url)
    token = token_of(reader.ask("/build").text)

    async def fill() -> None:
        sockets = [await open_socket(reader, "/build", token) for _ in range(2)]
        assert await asyncio.to_thread(greet, reader, "/build", token) == 503
        for socket in sockets:
            socket.close()

    asyncio.run(fill())


def test_no_session_opens_above_the_memory_bound(open_house) -> None:
    reader = Client(open_house(session_memory_mb=1).url)
    assert reader.ask("/build").status == 503
    assert reader.ask("/hello").status == 200
