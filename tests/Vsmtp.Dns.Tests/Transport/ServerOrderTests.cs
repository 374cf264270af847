using System.Net;
using System.Net.Sockets;
using Vsmtp.Dns.Messages;
using Vsmtp.Dns.Names;
using Vsmtp.Dns.Tests.Support;
using Vsmtp.Smtp.Tests.Support;
using static Vsmtp.Dns.Tests.Support.Resolvers;

namespace Vsmtp.Dns.Tests.Transport;

/// <summary>Whom is asked next, and what is said when nobody knew.</summary>
public sealed class ServerOrderTests
{
    [Theory]
    [InlineData(DnsResponseCode.ServerFailure)]
    [InlineData(DnsResponseCode.Refused)]
    [InlineData(DnsResponseCode.NotImplemented)]
    public async Task The_next_server_is_asked_if_one_cannot_say(DnsResponseCode code)
    {
        await using var first = new ScriptedDnsServer(query => query.Send(query.Reply(code).ToBytes()));
        await using var second = new ScriptedDnsServer(query => query.SendAddress("192.0.2.2"));
        await using var resolver = new DnsResolver(Options(first.Address, second.Address));
        Assert.Equal("192.0.2.2", await AddressAsync(resolver));
        Assert.NotEmpty(first.Received);
    }

    [Fact]
    public async Task The_next_server_is_asked_if_one_is_silent()
    {
        var time = new ManualTime();
        await using var first = new ScriptedDnsServer(query =>
        {
            time.Advance(Patience);
            return Task.CompletedTask;
        });
        await using var second = new ScriptedDnsServer(query => query.SendAddress("192.0.2.2"));
        await using var resolver = new DnsResolver(Options(first.Address, second.Address), time);
        Assert.Equal("192.0.2.2", await AddressAsync(resolver));
    }

    [Fact]
    public async Task The_next_server_is_asked_if_one_refers_to_others_or_says_something_else()
    {
        await using var referral = new ScriptedDnsServer(query => query.Send(
            query.Reply().Authority("example", DnsType.Ns, Response.Name("ns.example")).ToBytes()));
        await using var other = new ScriptedDnsServer(query => query.Send(
            query.Reply().Answer("other.example", DnsType.A, Response.Address("203.0.113.1")).ToBytes()));
        await using var good = new ScriptedDnsServer(query => query.SendAddress("192.0.2.2"));
        await using var resolver = new DnsResolver(Options(referral.Address, other.Address, good.Address));
        Assert.Equal("192.0.2.2", await AddressAsync(resolver));
        Assert.Equal((1, 1), (referral.Received.Length, other.Received.Length));
    }

    [Fact]
    public async Task The_next_server_is_asked_if_nobody_listens_at_one()
    {
        await using var good = new ScriptedDnsServer(query => query.SendAddress("192.0.2.2"));
        await using var resolver = new DnsResolver(Options(ClosedPort(), good.Address));
        Assert.Equal("192.0.2.2", await AddressAsync(resolver));
    }

    [Fact]
    public async Task No_such_name_of_the_first_server_is_the_answer()
    {
        await using var first = new ScriptedDnsServer(query => query.Send(query.Reply(DnsResponseCode.NameError).ToBytes()));
        await using var second = new ScriptedDnsServer(query => query.SendAddress("192.0.2.2"));
        await using var resolver = new DnsResolver(Options(first.Address, second.Address));
        Is<DnsAnswer.NoSuchName>(await resolver.QueryAsync("mail.example", DnsType.A));
        Assert.Empty(second.Received);
    }

    [Fact]
    public async Task A_failure_says_who_was_asked_and_what_each_said()
    {
        var time = new ManualTime();
        var closed = ClosedPort();
        await using var sick = new ScriptedDnsServer(query => query.Send(query.Reply(DnsResponseCode.ServerFailure).ToBytes()));
        await using var silent = new ScriptedDnsServer(async query =>
        {
            // Once the second has been read, the first has been passed over.
            for (var i = 1; i <= 2; i++)
            {
                await query.Send(new Response(query.Id ^ i, query.Question).ToBytes());
                while (!await HasReadAsync(query)) await Task.Yield();
            }

            time.Advance(Patience);
        });
        await using var resolver = new DnsResolver(Options(sick.Address, closed, silent.Address) with { Attempts = 2 }, time);
        var failed = Is<DnsAnswer.FailedForNow>(await resolver.QueryAsync("mail.example", DnsType.A));
        var words = failed.Detail.Split("; ");
        Assert.Equal(3, words.Length);
        Assert.Equal($"{sick.Address}: SERVFAIL (2 times)", words[0]);
        Assert.StartsWith($"{closed}: unreachable: ", words[1]);
        Assert.Equal($"{silent.Address}: no answer within 30 s, but something else (2 times)", words[2]);
    }

    [Fact]
    public async Task Failure_is_never_no_such_name()
    {
        await using var server = new ScriptedDnsServer(query => query.Send(query.Reply(DnsResponseCode.ServerFailure).ToBytes()));
        await using var resolver = Of(server);
        Is<MxLookup.FailedForNow>(await resolver.LookupMxAsync("a.example"));
        Is<DnsLookup<IPAddress>.FailedForNow>(await resolver.LookupAddressesAsync("a.example"));
        Is<DnsLookup<string>.FailedForNow>(await resolver.LookupTxtAsync("a.example"));
        Is<DnsLookup<DnsName>.FailedForNow>(await resolver.LookupPtrAsync(IPAddress.Parse("192.0.2.1")));
        Is<DnsLookup<DnsRecord.Tlsa>.FailedForNow>(await resolver.LookupTlsaAsync("a.example", 25));
    }

    [Fact]
    public async Task Rotated_each_question_begins_with_another_server()
    {
        await using var first = new ScriptedDnsServer(query => query.SendAddress("192.0.2.1"));
        await using var second = new ScriptedDnsServer(query => query.SendAddress("192.0.2.2"));
        await using var resolver = new DnsResolver(Options(first.Address, second.Address) with { Rotate = true, CacheSize = 0 });
        var answers = new List<string>();
        for (var i = 0; i < 4; i++) answers.Add(await AddressAsync(resolver));
        Assert.Equal(["192.0.2.1", "192.0.2.2", "192.0.2.1", "192.0.2.2"], answers);
    }

    [Fact]
    public async Task Two_at_a_time_the_first_answer_of_use_counts()
    {
        var asked = new TaskCompletionSource();
        await using var silent = new ScriptedDnsServer(_ =>
        {
            asked.SetResult();
            return Task.CompletedTask;
        });
        await using var quick = new ScriptedDnsServer(async query =>
        {
            await asked.Task;
            await query.SendAddress("192.0.2.2");
        });
        await using var third = new ScriptedDnsServer(query => query.SendAddress("192.0.2.3"));
        await using var resolver = new DnsResolver(Options(silent.Address, quick.Address, third.Address) with { MaxConcurrentRequests = 2 }, new ManualTime());

        // The clock stands still: the silent one is let go, not waited for.
        Assert.Equal("192.0.2.2", await AddressAsync(resolver).WaitAsync(Patience));
        Assert.Empty(third.Received);
    }

    [Fact]
    public async Task No_more_questions_are_with_servers_than_may_be()
    {
        var (open, most) = (0, 0);
        var gate = new Lock();
        await using var server = new ScriptedDnsServer(async query =>
        {
            lock (gate) most = Math.Max(most, ++open);
            await Task.Delay(5);
            lock (gate) open--;
            await query.SendAddress("192.0.2.1");
        });
        await using var resolver = new DnsResolver(Options(server.Address) with { MaxOpenQuestions = 3 });
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => resolver.QueryAsync($"m{i}.example", DnsType.A).AsTask()));
        Assert.InRange(most, 2, 3);
    }

    [Fact]
    public async Task A_caller_that_gives_up_does_not_end_the_question_for_others()
    {
        var asked = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        await using var server = new ScriptedDnsServer(async query =>
        {
            asked.SetResult();
            await go.Task;
            await query.SendAddress("192.0.2.1");
        });
        await using var resolver = Of(server);
        using var givingUp = new CancellationTokenSource();
        var impatient = resolver.QueryAsync("mail.example", DnsType.A, givingUp.Token).AsTask();
        var patient = resolver.QueryAsync("mail.example", DnsType.A).AsTask();
        await asked.Task;
        await givingUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        go.SetResult();
        Is<DnsAnswer.Records>(await patient);
    }

    [Fact]
    public async Task Disposing_of_the_resolver_cancels_what_is_asked()
    {
        var asked = new TaskCompletionSource();
        await using var server = new ScriptedDnsServer(_ =>
        {
            asked.SetResult();
            return Task.CompletedTask;
        });
        var resolver = Of(server);
        var waiting = resolver.QueryAsync("mail.example", DnsType.A).AsTask();
        await asked.Task;
        await resolver.DisposeAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public void Numbers_that_make_no_sense_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new DnsResolver(new DnsResolverOptions { Attempts = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DnsResolver(new DnsResolverOptions { Timeout = TimeSpan.Zero }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DnsResolver(new DnsResolverOptions { MaxConcurrentRequests = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DnsResolver(new DnsResolverOptions { MaxOpenQuestions = 0 }));
    }

    /// <summary>Whether the client's socket has nothing left to read, by the kernel's own table (proc_net_udp: queues in the fifth column).</summary>
    private static async Task<bool> HasReadAsync(ReceivedQuery query)
    {
        var lines = await File.ReadAllLinesAsync("/proc/net/udp");
        return lines.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(columns => columns[1].EndsWith($":{query.Client.Port:X4}", StringComparison.Ordinal))
            .All(columns => columns[4].EndsWith(":00000000", StringComparison.Ordinal));
    }

    private static IPEndPoint ClosedPort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)socket.LocalEndPoint!;
    }

    private static async Task<string> AddressAsync(DnsResolver resolver) =>
        ((DnsRecord.A)Is<DnsAnswer.Records>(await resolver.QueryAsync("mail.example", DnsType.A)).Values[0]).Address.ToString();
}
