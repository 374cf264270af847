using System.Net;
using System.Net.Sockets;
using Vsmtp.Dns.Messages;
using Vsmtp.Dns.Names;
using Vsmtp.Dns.Tests.Support;
using Vsmtp.Smtp.Tests.Support;
using Vsmtp.Dns.Transport;
using static Vsmtp.Dns.Tests.Support.Resolvers;

namespace Vsmtp.Dns.Tests.Transport;

/// <summary>What counts as the answer, and what does not end the wait for it (RFC 5452 §9).</summary>
public sealed class UdpTests
{
    private const string True = "192.0.2.1";
    private const string Forged = "203.0.113.66";

    [Fact]
    public async Task An_answer_is_records_with_the_smallest_ttl()
    {
        await using var server = new ScriptedDnsServer(query => query.Send(query.Reply()
            .Answer("mail.example", DnsType.A, Response.Address(True), ttl: 300)
            .Answer("mail.example", DnsType.A, Response.Address("192.0.2.2"), ttl: 60).ToBytes()));
        await using var resolver = Of(server);
        var records = Is<DnsAnswer.Records>(await resolver.QueryAsync("MAIL.example.", DnsType.A));
        Assert.Equal([True, "192.0.2.2"], records.Values.Cast<DnsRecord.A>().Select(record => record.Address.ToString()));
        Assert.Equal(TimeSpan.FromSeconds(60), records.Ttl);
        Assert.Equal(DnsName.Parse("mail.example"), records.CanonicalName);
    }

    public static TheoryData<string> Forgeries => ["id", "name", "type", "no response", "opcode", "no question", "two questions", "malformed", "short"];

    [Theory, MemberData(nameof(Forgeries))]
    public async Task A_forged_answer_before_the_true_one_is_passed_over(string kind)
    {
        await using var server = new ScriptedDnsServer(async query =>
        {
            await query.Send(Forge(query, kind));
            await query.SendAddress(True);
        });
        await using var resolver = Of(server);
        Assert.Equal([IPAddress.Parse(True)], await AddressesAsync(resolver));
        Assert.Single(server.Received);
    }

    [Fact]
    public async Task Thousands_of_forged_answers_do_not_end_the_wait()
    {
        var hasEnded = new TaskCompletionSource();
        await using var server = new ScriptedDnsServer(async query =>
        {
            for (var i = 1; i <= 5000; i++)
            {
                await query.Send(new Response(query.Id ^ i, query.Question).Answer(query.Name, DnsType.A, Response.Address(Forged)).ToBytes());
            }

            // Again and again: the kernel drops it while the forged ones fill the resolver's buffer.
            while (!hasEnded.Task.IsCompleted)
            {
                await query.SendAddress(True);
                await Task.Delay(10);
            }
        });
        await using var resolver = Of(server);
        Assert.Equal([IPAddress.Parse(True)], await AddressesAsync(resolver));
        hasEnded.SetResult();
        Assert.Single(server.Received);
    }

    [Fact]
    public async Task Another_address_is_not_heard_though_it_knows_all()
    {
        await using var server = new ScriptedDnsServer(async query =>
        {
            using var other = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            other.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
            await other.SendToAsync(query.Reply().Answer(query.Name, DnsType.A, Response.Address(Forged)).ToBytes(), query.Client);
            await query.SendAddress(True);
        });
        await using var resolver = Of(server);
        Assert.Equal([IPAddress.Parse(True)], await AddressesAsync(resolver));
    }

    [Fact]
    public async Task The_question_may_come_back_in_another_case()
    {
        await using var server = new ScriptedDnsServer(query => query.Send(
            new Response(query.Id, new DnsQuestion(DnsName.Parse("mAiL.ExAmPlE"), DnsType.A))
                .Answer("MAIL.EXAMPLE", DnsType.A, Response.Address(True)).ToBytes()));
        await using var resolver = Of(server);
        Assert.Equal([IPAddress.Parse(True)], await AddressesAsync(resolver));
    }

    [Fact]
    public async Task Each_try_has_a_port_and_an_id_of_its_own()
    {
        await using var server = new ScriptedDnsServer(query => query.Send(query.Reply(DnsResponseCode.ServerFailure).ToBytes()));
        await using var resolver = new DnsResolver(Options(server.Address) with { Attempts = 20, CacheSize = 0 });
        Is<DnsAnswer.FailedForNow>(await resolver.QueryAsync("mail.example", DnsType.A));
        Assert.Equal(20, server.Received.Length);

        // By chance two of 20 may be equal (once in 345 runs for ids, in 150 for ports); half of them never are.
        Assert.InRange(server.Received.Select(query => query.Id).Distinct().Count(), 11, 20);
        Assert.InRange(server.Received.Select(query => query.Client.Port).Distinct().Count(), 11, 20);
    }

    [Fact]
    public async Task An_answer_that_comes_too_late_is_not_the_next_trys()
    {
        var time = new ManualTime();
        ReceivedQuery? first = null;
        await using var server = new ScriptedDnsServer(async query =>
        {
            if (query.Number == 1)
            {
                first = query;
                time.Advance(Patience);
                return;
            }

            // To the first try's port, and with its id to the second's.
            await first!.Send(first.Reply().Answer(query.Name, DnsType.A, Response.Address(Forged)).ToBytes());
            await query.Send(first.Reply().Answer(query.Name, DnsType.A, Response.Address(Forged)).ToBytes());
            await query.SendAddress(True);
        });
        await using var resolver = new DnsResolver(Options(server.Address) with { Attempts = 2 }, time);
        Assert.Equal([IPAddress.Parse(True)], await AddressesAsync(resolver));
    }

    [Theory]
    [InlineData(DnsResponseCode.FormatError, true)]
    [InlineData(DnsResponseCode.FormatError, false)]
    [InlineData(DnsResponseCode.NotImplemented, true)]
    [InlineData(DnsResponseCode.BadVersion, true)]
    public async Task A_server_that_does_not_know_edns_is_asked_without(DnsResponseCode code, bool withQuestion)
    {
        await using var server = new ScriptedDnsServer(query =>
        {
            if (!query.HasEdns) return query.SendAddress(True);
            var refusal = new Response(query.Id, withQuestion ? query.Question : null) { Code = code };
            return query.Send(code == DnsResponseCode.BadVersion ? WithOpt(refusal.ToBytes(), 1) : refusal.ToBytes());
        });
        await using var resolver = Of(server);
        Assert.Equal([IPAddress.Parse(True)], await AddressesAsync(resolver));
        Assert.Equal([true, false], server.Received.Select(query => query.HasEdns));
    }

    [Fact]
    public async Task A_server_that_cannot_read_the_question_at_all_has_failed_for_now()
    {
        await using var server = new ScriptedDnsServer(query => query.Send(query.Reply(DnsResponseCode.FormatError).ToBytes()));
        await using var resolver = Of(server);
        Assert.Equal($"{server.Address}: FORMERR", Is<DnsAnswer.FailedForNow>(await resolver.QueryAsync("mail.example", DnsType.A)).Detail);
    }

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    public async Task Authentic_is_what_was_asked_for_and_said_on_loopback(bool isAsked, bool isSaid, bool isAuthenticated)
    {
        await using var server = new ScriptedDnsServer(query => query.Send(
            query.Reply(flags: (ushort)(isSaid ? 0x81A0 : 0x8180)).Answer(query.Name, DnsType.A, Response.Address(True)).ToBytes()));
        await using var resolver = new DnsResolver(Options(server.Address) with { Dnssec = isAsked });
        var answer = Is<DnsAnswer.Records>(await resolver.QueryAsync("mail.example", DnsType.A));
        Assert.Equal(isAuthenticated, answer.IsAuthenticated);
        Assert.All(server.Received, query => Assert.Equal((isAsked, isAsked), (query.WantsAuthenticData, query.WantsSignatures)));
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.0.0.53", true)]
    [InlineData("::1", true)]
    [InlineData("10.0.0.1", false)]
    [InlineData("8.8.8.8", false)]
    [InlineData("fe80::1", false)]
    [InlineData("2001:db8::1", false)]
    public void Servers_elsewhere_are_not_believed_that_an_answer_is_authentic(string server, bool isBelieved) =>
        Assert.Equal(isBelieved, ServerExchange.IsBelieved(IPAddress.Parse(server)));

    private static byte[] Forge(ReceivedQuery query, string kind)
    {
        var reply = kind switch
        {
            "id" => new Response(query.Id ^ 1, query.Question),
            "name" => new Response(query.Id, query.Question with { Name = DnsName.Parse("mail2.example") }),
            "type" => new Response(query.Id, query.Question with { Type = DnsType.Aaaa }),
            "no response" => query.Reply(flags: 0x0180),
            "opcode" => query.Reply(flags: 0x9180),
            "no question" => new Response(query.Id, null),
            _ => query.Reply(),
        };
        var bytes = reply.Answer(query.Name, DnsType.A, Response.Address(Forged)).ToBytes();
        if (kind == "two questions") bytes[5] = 2;
        return kind switch
        {
            "malformed" => bytes[..^1],
            "short" => bytes[..11],
            _ => bytes,
        };
    }

    private static byte[] WithOpt(byte[] message, byte upperCode)
    {
        message[11] = 1;
        message[3] &= 0xF0;
        return [.. message, 0, 0, 41, 4, 208, upperCode, 0, 0, 0, 0, 0];
    }

    private static async Task<IPAddress[]> AddressesAsync(DnsResolver resolver) =>
        [.. Is<DnsAnswer.Records>(await resolver.QueryAsync("mail.example", DnsType.A)).Values.Cast<DnsRecord.A>().Select(a => a.Address)];
}
