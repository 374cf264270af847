using System.Text;
using Vsmtp.Mail.Headers;
using Vsmtp.Rules.Api;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Tests.Api;

/// <summary>Every function of the table by every name and in every form that it has: by name, on handles, in <c>sys::</c>, as in 2.x.</summary>
public sealed class ApiTableTests : IDisposable
{
    private const string Headers = "Subject: hello\r\nTo: a@x.org,\r\n B <b@y.org>\r\nFrom: me@here.org\r\n\r\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vsmtp-api");

    public static IEnumerable<TheoryDataRow<string, string, string>> Calls() =>
        from row in ApiRows.All
        from call in Forms(Find(row), row)
        select new TheoryDataRow<string, string, string>(row.Function, call, row.Expected) { TestDisplayName = $"{row.Function}: {call}" };

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_function_does_the_same_in_every_form(string function, string call, string expected)
    {
        var row = ApiRows.All.First(r => r.Function == function && r.Expected == expected);

        var observed = await ObserveAsync(row, call);

        if (expected.StartsWith("error: ", StringComparison.Ordinal)) Assert.StartsWith(expected, observed, StringComparison.Ordinal);
        else Assert.Equal(expected, observed);
    }

    [Fact]
    public void Every_function_of_the_table_has_a_row() =>
        Assert.Empty(ApiTable.All.Functions.Select(Key).Except(ApiRows.All.Select(row => row.Function)));

    [Fact]
    public void No_two_functions_have_a_name_and_count_in_common() =>
        Assert.Distinct(ApiTable.All.Functions
            .SelectMany(f => f.GlobalNames.Concat(f.ModuleNames).Select(name => $"{f.ReceiverWord} {name}/{f.ParameterCount}")));

    [Fact]
    public void Every_function_is_described() => Assert.All(ApiTable.All.Functions, function =>
    {
        Assert.EndsWith(".", function.Doc.Text.TrimEnd(')'), StringComparison.Ordinal);
        Assert.False(function.Doc.Errors?.EndsWith('.') ?? false);
    });

    [Theory]
    [MemberData(nameof(Constants))]
    public async Task A_constant_has_its_value_under_all_its_names(string expression, string expected) =>
        Assert.Equal(expected, await new Site().EvalAsync(expression));

    public static IEnumerable<TheoryDataRow<string, string>> Constants()
    {
        (string? Name, string? Newer, string Value)[] constants =
        [
            ("code554_7_1", "code::c554_7_1()", "554 5.7.1 Relay access denied"),
            ("code550_7_20", "code::c550_7_20()", "550 5.7.20 No passing DKIM signature found"),
            ("code550_7_21", "code::c550_7_21()", "550 5.7.21 No acceptable DKIM signature found"),
            ("code550_7_22", "code::c550_7_22()", "550 5.7.22 No valid author-matched DKIM signature found"),
            ("code550_7_23", "code::c550_7_23()", "550 5.7.23 SPF validation failed"),
            ("code451_7_24", null, "451 5.7.24 SPF validation error"),
            ("code550_7_24", "code::c550_7_24()", "550 5.7.24 SPF validation error"),
            ("code550_7_25", "code::c550_7_25()", "550 5.7.25 Reverse DNS validation failed"),
            ("code550_7_26", "code::c550_7_26()", "500 5.7.26 Multiple authentication checks failed"),
            ("code550_7_27", "code::c550_7_27()", "550 5.7.27 Sender address has null MX"),
            ("code556_1_10", "code::c556_1_10()", "556 5.1.10 Recipient address has null MX"),
            ("code_greylist", "code::c451_7_1()", "451 4.7.1 Sender is not authorized. Please try again."),
            (null, "code::c451_3_0().to_string().sub_string(0, 9)", "451 4.3.0"),
            (null, "code::c550_1_1().to_string().sub_string(0, 9)", "550 5.1.1"),
            ("net_192", "net::rg_192()", "192.168.0.0/16"),
            ("net_172", "net::rg_172()", "172.16.0.0/12"),
            ("net_10", "net::rg_10()", "10.0.0.0/8"),
            ("non_routable_net", "net::non_routable()", "[192.168.0.0/16, 172.16.0.0/12, 10.0.0.0/8]"),
            ("toml::server.domain", "cfg::server.domain", "testserver.com"),
            ("toml::app.dirpath", "cfg::app.dirpath", "/var/lib/vsmtp"),
        ];
        foreach (var (name, newer, value) in constants)
        {
            if (name is not null) yield return new(name, value);
            if (newer is not null) yield return new(newer, value);
        }

        yield return new("[mail_from(), rcpt()].domains", "[example.com, elsewhere.net]");
        yield return new("ctx::rcpt_list().filter(|r| true).local_parts.len", "2");
        yield return new("ip4(\"10.1.2.3\") in net::non_routable()", "true");
    }

    internal static string Key(ApiFunction function) =>
        $"{(function.ReceiverWord is { } receiver ? $"{receiver}." : "")}{function.Name}/{function.ParameterCount}";

    private static ApiFunction Find(ApiRow row) => ApiTable.All.Functions.Single(function => Key(function) == row.Function);

    private static IEnumerable<string> Forms(ApiFunction function, ApiRow row)
    {
        foreach (var name in function.GlobalNames)
        {
            if (row.Receiver.Length > 0)
            {
                yield return $"{row.Receiver}.{name}({row.Arguments})";
                yield return $"{name}({Joined(row.Receiver, row.Arguments)})";
                continue;
            }

            yield return $"{name}({row.Arguments})";
            if (function.Receivers is ApiReceivers.None) yield return $"sys::{name}({row.Arguments})";
            foreach (var handle in HandlesOf(function))
            {
                yield return $"{handle}.{name}({row.Arguments})";
                if (function.ParameterCount == 0) yield return $"{handle}.{name}";
                yield return $"sys::{name}({Joined(handle, row.Arguments)})";
            }
        }

        foreach (var name in function.ModuleNames) yield return $"{name}({row.Arguments})";
    }

    private static IEnumerable<string> HandlesOf(ApiFunction function)
    {
        if (function.Receivers.HasFlag(ApiReceivers.Context)) yield return "ctx()";
        if (function.Receivers.HasFlag(ApiReceivers.Message)) yield return "msg()";
        if (function.Receivers.HasFlag(ApiReceivers.Server)) yield return "srv()";
    }

    private static string Joined(string first, string others) => others.Length == 0 ? first : $"{first}, {others}";

    /// <summary>Runs the call and tells what it gave and what it changed.</summary>
    private async Task<string> ObserveAsync(ApiRow row, string call)
    {
        var log = new ListLog();
        var context = Site.Transaction(Headers, log);
        context.MessageBytes = Headers.Length + 10;
        context.OpenBody = _ => Task.FromResult<Stream>(new MemoryStream("the body\r\n"u8.ToArray()));
        var site = new Site();
        site = new Site { Options = site.Options with { AppDirectory = _folder.FullName } };
        var main = row.IsLoading
            ? $"{row.Before} const it = {call}; #{{ postq: [ rule \"it\" || {{ log(\"debug\", global::it.to_debug()); next() }} ] }}"
            : $"{row.Top} #{{ postq: [ rule \"it\" || {{ {row.Before} let it = {(row.IsPartOfMore ? $"[{call}]" : call)}; log(\"debug\", it.to_debug()); next() }} ] }}";
        var set = await site.LoadGoodAsync(main, ("/lists/domains", "example.org\nexample.net\n"));

        var outcome = await site.Engine.RunAsync(set, Stage.Postq, context, Site.Token);

        return outcome.Failure is { } failure
            ? $"error: {failure.Message}"
            : string.Join(" | ", Changes(context, log).Prepend(log.Lines[^1].Text));
    }

    private IEnumerable<string> Changes(RuleContext context, ListLog log)
    {
        var envelope = $"{context.Sender!.Address}: {string.Join(' ', context.Recipients.Select(r => r.Address))}";
        if (envelope != "john.doe@example.com: green@example.com blue@elsewhere.net") yield return $"envelope: {envelope}";
        if (context.Recipients.Exists(r => r.Transport is not RuleTransport.Deliver))
            yield return $"transports: {string.Join(", ", context.Recipients.Select(r => $"{r.Transport} {r.Target}".Trim()))}";
        var headers = Encoding.UTF8.GetString(context.Headers!.ToArray());
        if (headers != Headers) yield return $"headers: {headers.Replace("\r\n", "|", StringComparison.Ordinal)}";
        if (context.Headers.Edits.Count > 0) Assert.Equal(headers, Replayed(context.Headers.Edits));
        var files = _folder.GetFiles("*", SearchOption.AllDirectories);
        if (files.Length > 0) yield return $"files: {string.Join(' ', files.Select(file => Path.GetRelativePath(_folder.FullName, file.FullName)))}";
        if (log.Lines.Count > 1) yield return $"log: {log.Lines[0].Level} {log.Lines[0].Text}";
    }

    private static string Replayed(IEnumerable<HeaderEdit> edits)
    {
        var block = HeaderBlock.Parse(Encoding.UTF8.GetBytes(Headers));
        foreach (var edit in edits) block.Apply(edit);
        return Encoding.UTF8.GetString(block.ToArray());
    }
}
