using Vsmtp.Dns.Messages;
using Vsmtp.Dns.Tests.Support;
using Vsmtp.Smtp.Tests.Support;
using static Vsmtp.Dns.Tests.Support.Resolvers;

namespace Vsmtp.Dns.Tests.Transport;

/// <summary>Answers that are too long for UDP (RFC 7766).</summary>
public sealed class TcpTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public async Task A_truncated_answer_is_asked_for_over_tcp(int cutBytes)
    {
        var text = Enumerable.Range(0, 40).Select(i => new string((char)('a' + (i % 26)), 255)).ToArray();
        await using var server = new ScriptedDnsServer(query => query.Send(query.IsTcp
            ? query.Reply().Answer(query.Name, DnsType.Txt, Response.Txt(text)).ToBytes()
            : query.Reply(flags: 0x8380).Answer(query.Name, DnsType.Txt, Response.Txt("part")).ToBytes()[..^cutBytes]));
        await using var resolver = Of(server);
        Assert.Equal([string.Concat(text)], Is<DnsLookup<string>.Found>(await resolver.LookupTxtAsync("big.example")).Values);
        Assert.Equal([false, true], server.Received.Select(query => query.IsTcp));
    }

    [Theory]
    [InlineData("id")]
    [InlineData("truncated")]
    [InlineData("malformed")]
    [InlineData("empty")]
    [InlineData("closed")]
    public async Task No_valid_answer_over_tcp_is_a_failure_for_now(string kind)
    {
        await using var server = new ScriptedDnsServer(query =>
        {
            if (!query.IsTcp) return query.Send(query.Reply(flags: 0x8380).ToBytes());
            var whole = query.Reply().Answer(query.Name, DnsType.A, Response.Address("192.0.2.1")).ToBytes();
            return kind switch
            {
                "id" => query.Send(new Response(query.Id ^ 1, query.Question).ToBytes()),
                "truncated" => query.Send(query.Reply(flags: 0x8380).ToBytes()),
                "malformed" => query.Send(whole[..^1]),
                "empty" => query.Send([]),
                _ => Task.CompletedTask,
            };
        });
        await using var resolver = Of(server);
        var failed = Is<DnsAnswer.FailedForNow>(await resolver.QueryAsync("mail.example", DnsType.A));
        Assert.Equal($"{server.Address}: no valid answer over TCP", failed.Detail);
    }

    [Fact]
    public async Task A_server_that_takes_the_connection_and_says_nothing_times_out()
    {
        var time = new ManualTime();
        var held = new TaskCompletionSource();
        await using var server = new ScriptedDnsServer(async query =>
        {
            if (!query.IsTcp)
            {
                await query.Send(query.Reply(flags: 0x8380).ToBytes());
                return;
            }

            time.Advance(Patience);
            await held.Task;
        });
        await using var resolver = Of(server, time);
        var failed = Is<DnsAnswer.FailedForNow>(await resolver.QueryAsync("mail.example", DnsType.A));
        held.SetResult();
        Assert.Equal($"{server.Address}: no answer within 30 s over TCP", failed.Detail);
    }
}
