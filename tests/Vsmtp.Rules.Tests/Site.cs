using System.Collections.Immutable;
using System.Net;
using System.Text;
using Vsmtp.Delivery.Tests.Support;
using Vsmtp.Mail.Addresses;
using Vsmtp.Mail.Headers;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Tests;

/// <summary>A small site: its configuration, its scripts as texts, and transactions to run through them.</summary>
internal sealed class Site
{
    public static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public RuleSetOptions Options { get; init; } = new()
    {
        ServerDomain = "testserver.com",
        VirtualDomains = ["example.com", "other.org"],
        AppDirectory = "/var/lib/vsmtp",
        Server = new Dictionary<string, object?>
        {
            ["domain"] = "testserver.com",
            ["client_count_max"] = 1000,
            ["virtual"] = new Dictionary<string, object?>
            {
                ["example.com"] = new Dictionary<string, object?>
                {
                    ["tls"] = new Dictionary<string, object?> { ["protocol_version"] = new List<object?> { "TLSv1.3" } },
                },
            },
        },
        App = new Dictionary<string, object?> { ["dirpath"] = "/var/lib/vsmtp" },
        Resolver = new Zone().A("b.org", "192.0.2.1").Aaaa("b.org", "2001:db8::1").Ptr("1.2.0.192.in-addr.arpa", "b.org").Broken("broken.org").Mx("silent.org", 0, "."),
    };

    public BudgetLimits Limits { get; init; } = BudgetLimits.Default;

    public TimeProvider Time { get; init; } = new FixedTime(Now);

    public RuleEngine Engine => new(Time, Limits);

    public Task<RuleSetResult> LoadAsync(string main, params (string Path, string Text)[] others)
    {
        var files = others.Append((Path: "main.vsl", Text: main)).ToDictionary(f => f.Path, f => f.Text);
        return RuleSetLoader.LoadAsync("main.vsl", files, Options, Token);
    }

    /// <summary>Loads what must be without errors.</summary>
    public async Task<RuleSet> LoadGoodAsync(string main, params (string Path, string Text)[] others)
    {
        var result = await LoadAsync(main, others);
        Assert.True(result.Set is not null, new DiagnosticRenderer(result.Files).Render(result.Diagnostics));
        return result.Set;
    }

    /// <summary>Loads and gives all findings of a severity, as <c>file:line:col: severity: text</c>.</summary>
    public async Task<string[]> FindAsync(DiagnosticSeverity severity, string main, params (string Path, string Text)[] others)
    {
        var result = await LoadAsync(main, others);
        Assert.Equal(result.Set is null, result.Diagnostics.Any(d => d.Severity is DiagnosticSeverity.Error));
        return [.. result.Diagnostics.Where(d => d.Severity == severity).Select(d => d.ToString())];
    }

    /// <summary>Runs one rule with this body in a stage.</summary>
    public async Task<StageOutcome> RunAsync(
        string body, RuleContext context, Stage stage = Stage.Postq, params (string Path, string Text)[] others)
    {
        var imports = string.Concat(others.Select(o => Path.GetFileNameWithoutExtension(o.Path)).Select(n => $"import \"{n}\" as {n};\n"));
        var set = await LoadGoodAsync($"{imports}#{{ {stage.ToText()}: [ rule \"it\" || {{ {body} }} ] }}", others);
        return await Engine.RunAsync(set, stage, context, Token);
    }

    /// <summary>The text of an expression in a rule of postq; a script error gives <c>error: </c> and its message.</summary>
    public async Task<string> EvalAsync(string expression, RuleContext? context = null, Stage stage = Stage.Postq)
    {
        var log = new ListLog();
        context ??= Transaction();
        var copy = Logged(context, log);
        var outcome = await RunAsync($"{Before(expression)} log(\"info\", ({After(expression)}).to_string()); next()", copy, stage);
        return outcome.Failure is { } failure ? $"error: {failure.Message}" : Assert.Single(log.Lines).Text;
    }

    /// <summary>A mail from john to two, over one connection, in the state that it has at postq.</summary>
    public static RuleContext Transaction(string headers = "Subject: hello\r\nTo: a@x.org, b@y.org\r\n\r\n", IRuleLog? log = null)
    {
        var context = Connection(log);
        context.Helo = "client.example.com";
        context.Sender = new ReversePath(MailAddress.Parse("john.doe@example.com"));
        context.MailAt = Now.AddSeconds(2);
        context.MessageId = "0123456789abcdef";
        context.Recipients.Add(new RuleRecipient(MailAddress.Parse("green@example.com")) { Tag = 1 });
        context.Recipients.Add(new RuleRecipient(MailAddress.Parse("blue@elsewhere.net")) { Tag = 2 });
        context.TakeMessage(HeaderBlock.Parse(Encoding.UTF8.GetBytes(headers)), headers.Length);
        return context;
    }

    public static RuleContext Connection(IRuleLog? log = null) => new()
    {
        Client = IPEndPoint.Parse("192.0.2.7:40001"),
        Server = IPEndPoint.Parse("[2001:db8::25]:25"),
        ServerName = "testserver.com",
        ConnectedAt = Now,
        Log = log ?? new ListLog(),
    };

    /// <summary>What stands before the last semicolon are statements, what stands behind it is the expression.</summary>
    private static string Before(string script) => script[..(script.LastIndexOf(';') + 1)];

    private static string After(string script) => script[(script.LastIndexOf(';') + 1)..];

    private static RuleContext Logged(RuleContext from, IRuleLog log)
    {
        var copy = new RuleContext
        {
            Client = from.Client, Server = from.Server, ServerName = from.ServerName, ConnectedAt = from.ConnectedAt, Log = log,
            IsSecured = from.IsSecured, TlsVersion = from.TlsVersion, TlsCipher = from.TlsCipher, IsAuthenticated = from.IsAuthenticated, Credentials = from.Credentials, Helo = from.Helo, Sender = from.Sender,
            MailAt = from.MailAt, MessageId = from.MessageId, Headers = from.Headers, MessageBytes = from.MessageBytes,
            OpenBody = from.OpenBody,
        };
        copy.Recipients.AddRange(from.Recipients);
        return copy;
    }

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}

internal sealed class ListLog : IRuleLog
{
    public List<(RuleLogLevel Level, string Text)> Lines { get; } = [];

    public void Write(RuleLogLevel level, string text) => Lines.Add((level, text));
}
