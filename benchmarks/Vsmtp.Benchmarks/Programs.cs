using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Vsmtp.Mail.Addresses;
using Vsmtp.Mail.Headers;
using Vsmtp.Rules;
using Vsmtp.Vsl;

namespace Vsmtp.Benchmarks;

/// <summary>Rules over one mail, without a server.</summary>
internal static class Programs
{
    private const int WarmUp = 20_000;
    private const int Measured = 200_000;
    private const int Loads = 6;

    private static readonly BudgetLimits NoBounds = new()
    {
        MaxSteps = long.MaxValue, MaxAllocatedBytes = long.MaxValue, MaxTime = TimeSpan.FromHours(1),
    };

    /// <summary>Runs preq once; what it prints goes to the standard output.</summary>
    public static async Task<int> RunAsync(string main, string mail)
    {
        if (await LoadAsync(main).ConfigureAwait(false) is not { } rules) return 1;
        var context = ContextOf(await File.ReadAllBytesAsync(mail).ConfigureAwait(false));
        var outcome = await new RuleEngine(TimeProvider.System, NoBounds).RunAsync(rules, Stage.Preq, context, default).ConfigureAwait(false);
        if (outcome.Failure is { } failure) await Console.Error.WriteLineAsync(failure.ToString()).ConfigureAwait(false);
        return outcome.Failure is null ? 0 : 1;
    }

    /// <summary>Prints the CPU time in µs that postq takes for a mail, delegation and what comes back included.</summary>
    public static async Task<int> TimePostqAsync(string main, string mail)
    {
        if (await LoadAsync(main).ConfigureAwait(false) is not { } rules) return 1;
        var message = await File.ReadAllBytesAsync(mail).ConfigureAwait(false);
        var engine = new RuleEngine(TimeProvider.System, BudgetLimits.Default);
        for (var i = 0; i < WarmUp; i++) await JudgeAsync(engine, rules, ContextOf(message)).ConfigureAwait(false);
        // The headers are parsed for other reasons, too: they are not the rules'.
        var contexts = Enumerable.Range(0, Measured).Select(_ => ContextOf(message)).ToArray();
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        foreach (var context in contexts) await JudgeAsync(engine, rules, context).ConfigureAwait(false);
        process.Refresh();
        Print((process.TotalProcessorTime - before).TotalMicroseconds / Measured);
        return 0;
    }

    /// <summary>Prints the seconds that loading takes: at a process's start, and then as a reload would.</summary>
    public static async Task<int> TimeLoadAsync(string main)
    {
        for (var i = 0; i < Loads; i++)
        {
            var clock = Stopwatch.StartNew();
            if (await LoadAsync(main).ConfigureAwait(false) is null) return 1;
            if (i is 0 or Loads - 1) Print(clock.Elapsed.TotalSeconds);
        }

        return 0;
    }

    private static async Task JudgeAsync(RuleEngine engine, RuleSet rules, RuleContext context)
    {
        var outcome = await engine.RunAsync(rules, Stage.Postq, context, default).ConfigureAwait(false);
        if (outcome.Delegate is { } request)
        {
            var visit = new DelegateVisit { Service = request.Service.Name, Result = new DelegateResult.Returned(), Attempts = 1 };
            outcome = await engine.ResumeAsync(rules, Stage.Postq, new DelegateResume(request.Directive, visit), context, default).ConfigureAwait(false);
        }

        if (outcome.Failure is { } failure) throw new InvalidOperationException(failure.ToString());
    }

    private static async Task<RuleSet?> LoadAsync(string main)
    {
        var loaded = await RuleSetLoader.LoadAsync(main, new RuleSetOptions { ServerDomain = "mx.example.com" }, default).ConfigureAwait(false);
        if (loaded.Set is null) await Console.Error.WriteLineAsync(string.Join('\n', loaded.Diagnostics)).ConfigureAwait(false);
        return loaded.Set;
    }

    private static RuleContext ContextOf(byte[] mail)
    {
        var end = Encoding.ASCII.GetString(mail).IndexOf("\r\n\r\n", StringComparison.Ordinal) + 2;
        var context = new RuleContext
        {
            Client = IPEndPoint.Parse("192.0.2.1:4321"),
            Server = IPEndPoint.Parse("192.0.2.25:25"),
            ServerName = "mx.example.com",
            ConnectedAt = DateTimeOffset.UtcNow,
            Helo = "client.example.org",
            Sender = new ReversePath(MailAddress.Parse("john@example.org")),
            MailAt = DateTimeOffset.UtcNow,
            MessageId = "m-00-00000000000000000000000000",
            Headers = HeaderBlock.Parse(mail.AsMemory(0, end)),
            MessageBytes = mail.Length,
            Log = new Output(),
        };
        context.Recipients.Add(new RuleRecipient(MailAddress.Parse("jane@example.com")));
        return context;
    }

    private static void Print(double figure) => Console.WriteLine(figure.ToString("F3", CultureInfo.InvariantCulture));

    /// <summary>What the rules print at info; what they log for debugging costs as in a server that does not write it.</summary>
    private sealed class Output : IRuleLog
    {
        public void Write(RuleLogLevel level, string text)
        {
            if (level >= RuleLogLevel.Info) Console.WriteLine(text);
        }
    }
}
