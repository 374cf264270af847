using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Vsmtp.Gateway.Listening;
using Vsmtp.Gateway.Proxying;
using Vsmtp.Smtp.Tests.Support;

namespace Vsmtp.Gateway.Tests.Proxying;

public sealed class BalancerDoorTests : IDisposable
{
    private const string Balancer = "10.0.0.1:50000";
    private const string Client = "192.0.2.7:40000";
    private static readonly IPEndPoint Local = IPEndPoint.Parse("10.0.0.25:25");

    private readonly ManualTime _time = new();
    private readonly TestLifetime _lifetime = new();
    private readonly HeardLog _log = new();
    private readonly BalancerDoor _door;

    public BalancerDoorTests() => _door = new BalancerDoor(
        new GatewayOptions
        {
            Balancers = [IPNetwork.Parse("10.0.0.0/29"), IPNetwork.Parse("2001:db8:1::/64"), IPNetwork.Parse("fe80::1/128")],
            MaxProxyHeadersAwaited = 2,
        },
        new SessionDrain(_lifetime), _time, _log);

    public void Dispose() => _lifetime.Dispose();

    [Theory]
    [InlineData("10.0.0.1:50000")]
    [InlineData("10.0.0.7:50000")]
    [InlineData("[::ffff:10.0.0.1]:50000")]
    [InlineData("[2001:db8:1::ff]:50000")]
    [InlineData("[fe80::1%7]:50000")]
    public async Task A_balancer_says_who_its_client_is(string balancer)
    {
        var (connection, peer) = Connect(balancer);
        await peer.WriteAsync(ProxyBytes.Relay(Client));
        Assert.Equal(new ConnectionEnds(IPEndPoint.Parse(Client), IPEndPoint.Parse("198.51.100.1:25")), await _door.PassAsync(connection, false));
        Assert.Contains(LogLevel.Information, _log.Lines.Keys);
    }

    [Theory]
    [InlineData("10.0.0.8:50000")]
    [InlineData("[::10.0.0.1]:50000")]
    [InlineData("[2001:db8:2::1]:50000")]
    [InlineData("[fe80::2%7]:50000")]
    public async Task Nobody_elses_first_bytes_are_looked_at_or_waited_for(string other)
    {
        var (connection, peer) = Connect(other);
        var passing = _door.PassAsync(connection, false);
        Assert.True(passing.IsCompletedSuccessfully);
        Assert.Equal(new ConnectionEnds(IPEndPoint.Parse(other), Local), await passing);
        await peer.WriteAsync(ProxyBytes.Relay(Client));
        Assert.Equal(ProxyBytes.Relay(Client), (await connection.Transport.Input.ReadAsync()).Buffer.FirstSpan.ToArray());
    }

    [Fact]
    public async Task What_follows_a_header_in_the_same_arrival_is_the_sessions_and_is_not_waited_for()
    {
        var (connection, peer) = Connect();
        await peer.WriteAsync((byte[])[.. ProxyBytes.Relay(Client), .. "EHLO x\r\n"u8]);
        Assert.NotNull(await _door.PassAsync(connection, false));
        var reading = connection.Transport.Input.ReadAsync();
        Assert.True(reading.IsCompleted);
        Assert.Equal("EHLO x\r\n"u8.ToArray(), (await reading).Buffer.FirstSpan.ToArray());
    }

    [Fact]
    public async Task A_header_may_come_in_pieces_and_the_peer_may_close_its_side_behind_it()
    {
        var (connection, peer) = Connect();
        var passing = _door.PassAsync(connection, false);
        foreach (var octet in ProxyBytes.Relay(Client))
        {
            Assert.False(passing.IsCompleted);
            await peer.WriteAsync(new[] { octet });
        }

        await peer.CompleteAsync();
        Assert.NotNull(await passing);
    }

    [Fact]
    public async Task A_health_check_has_the_real_ends()
    {
        var (connection, peer) = Connect();
        await peer.WriteAsync(ProxyBytes.Check);
        Assert.Equal(new ConnectionEnds(IPEndPoint.Parse(Balancer), Local), await _door.PassAsync(connection, false));
    }

    [Fact]
    public async Task The_time_is_for_the_whole_header_however_many_pieces_it_comes_in()
    {
        var (connection, peer) = Connect();
        var passing = _door.PassAsync(connection, false);
        foreach (var octet in ProxyBytes.Relay(Client)[..4])
        {
            await peer.WriteAsync(new[] { octet });
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.False(passing.IsCompleted);
        }

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await passing);
        Assert.Contains(BalancerDoor.TooSlow, _log.Lines[LogLevel.Warning]);
        Assert.False(_time.HasTimerWithin(TimeSpan.FromDays(1)));
    }

    [Theory]
    [InlineData(0, BalancerDoor.Silent)]
    [InlineData(20, BalancerDoor.Truncated)]
    public async Task A_header_that_ends_too_early_is_refused(int octets, string why)
    {
        var (connection, peer) = Connect();
        await peer.WriteAsync(ProxyBytes.Relay(Client).AsMemory(0, octets));
        await peer.CompleteAsync();
        Assert.Null(await _door.PassAsync(connection, false));
        Assert.Contains(why, _log.Lines[LogLevel.Warning]);
    }

    [Fact]
    public async Task A_connection_that_breaks_is_no_fault_of_ours_or_of_the_balancer()
    {
        var (connection, peer) = Connect();
        await peer.CompleteAsync(new ConnectionResetException("gone"));
        Assert.Null(await _door.PassAsync(connection, false));
        Assert.Equal([LogLevel.Information], _log.Lines.Keys);
    }

    [Fact]
    public async Task A_server_that_stops_waits_for_no_header()
    {
        var (connection, _) = Connect();
        var passing = _door.PassAsync(connection, false);
        _lifetime.StopApplication();
        Assert.Null(await passing);
        Assert.Equal([LogLevel.Information], _log.Lines.Keys);
    }

    [Fact]
    public async Task Connections_that_wait_for_their_headers_are_bounded_for_clients_and_for_services_apart()
    {
        var first = Connect();
        var passing = _door.PassAsync(first.Connection, false);
        var second = _door.PassAsync(Connect().Connection, false);
        Assert.Null(await _door.PassAsync(Connect().Connection, false));
        Assert.Contains("too many", _log.Lines[LogLevel.Warning]);

        var service = Connect();
        await service.Peer.WriteAsync(ProxyBytes.Relay(Client));
        Assert.NotNull(await _door.PassAsync(service.Connection, true));
        Assert.NotNull(await _door.PassAsync(Connect("192.0.2.1:1").Connection, false));
        await first.Peer.WriteAsync(ProxyBytes.Check);
        Assert.NotNull(await passing);
        var next = Connect();
        await next.Peer.WriteAsync(ProxyBytes.Check);
        Assert.NotNull(await _door.PassAsync(next.Connection, false));
        _lifetime.StopApplication();
        Assert.Null(await second);
    }

    /// <summary>A connection, and what its peer writes into.</summary>
    private static (ConnectionContext Connection, PipeWriter Peer) Connect(string peer = Balancer)
    {
        var (input, output) = (new Pipe(), new Pipe());
        var connection = new DefaultConnectionContext("0HTEST", new TestPipe(input.Reader, output.Writer), new TestPipe(output.Reader, input.Writer))
        {
            RemoteEndPoint = IPEndPoint.Parse(peer),
            LocalEndPoint = Local,
        };
        return (connection, input.Writer);
    }

    private sealed record TestPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    /// <summary>The last line of each level.</summary>
    private sealed class HeardLog : ILogger<BalancerDoor>
    {
        public ConcurrentDictionary<LogLevel, string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines[logLevel] = formatter(state, exception);
    }
}
