using Vsmtp.Vsl;

namespace Vsmtp.Rules.Tests;

/// <summary>Services as vSMTP 2.x writes them: a call behind a name declares what <c>service</c> declares.</summary>
public sealed class ServiceCallTests
{
    private const string Options = """#{ delegator: #{ address: "127.0.0.1:10026", timeout: "60s" }, receiver: "127.0.0.1:10025", proof: ["X-Scanned"] }""";

    private readonly Site _site = new();

    [Theory]
    [InlineData("service scan smtp = ")]
    [InlineData("export const scan = smtp::connect(")]
    [InlineData("export let scan = smtp::connect(")]
    public async Task A_service_is_the_same_however_it_is_declared(string declaration)
    {
        var closing = declaration.EndsWith('(') ? ")" : "";

        var set = await _site.LoadGoodAsync(
            "import \"service\" as service; #{ postq: [ delegate service::scan \"scan\" || next() ] }",
            ("service.vsl", $"{declaration}{Options}{closing};"));
        var outcome = await _site.Engine.RunAsync(set, Stage.Postq, Site.Transaction(), Site.Token);

        var service = Assert.Single(set.Services).Value;
        Assert.Equal("scan", service.Name);
        Assert.Equal(("127.0.0.1:10026", "127.0.0.1:10025", TimeSpan.FromSeconds(60)), (service.Delegator, service.Receiver, service.Timeout));
        Assert.Equal(service, Assert.Single(outcome.Delegate!.Services));
    }

    [Fact]
    public async Task Faults_are_found_at_start_as_those_of_declarations_are()
    {
        var errors = await _site.FindAsync(DiagnosticSeverity.Error, "const scan = smtp::connect(#{ receiver: \"nowhere\" }); #{}");

        Assert.Contains(errors, error => error.StartsWith("main.vsl:1:14: error: `nowhere` is not a receiver of service `scan`", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.Contains("service `scan` has no key `delegator`", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_of_one_name_are_an_error()
    {
        var errors = await _site.FindAsync(DiagnosticSeverity.Error, $"import \"a\" as a; const scan = smtp::connect({Options}); #{{}}", ("a.vsl", $"service scan smtp = {Options};"));

        Assert.Contains("there is another service named `scan`", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_listening_on_its_receiver_is_found_at_start()
    {
        var set = await _site.LoadGoodAsync($"const scan = smtp::connect({Options}); #{{ postq: [ delegate scan \"scan\" || next() ] }}");

        var found = Assert.Single(RuleSetChecks.Check(set, []));

        Assert.Equal(DiagnosticSeverity.Error, found.Severity);
        Assert.Contains("nothing listens on its receiver 127.0.0.1:10025", found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_is_made_as_its_declaration_makes_it()
    {
        var log = new ListLog();
        var site = new Site { Options = _site.Options with { LoadLog = log } };

        await site.LoadGoodAsync("service a cmd = #{ timeout: \"1s\", command: \"true\" }; const b = cmd::build(#{ timeout: \"1s\", command: \"true\" }); print(a); print(b); #{}");

        Assert.Equal(["cmd", "cmd"], log.Lines.Select(line => line.Text));
    }

    [Theory]
    [InlineData("print(smtp::connect(#{}))")]
    [InlineData("[smtp::connect(#{})]")]
    [InlineData("cmd::build(#{})")]
    public async Task Without_a_name_there_is_no_service(string call)
    {
        var errors = await _site.FindAsync(DiagnosticSeverity.Error, $"{call}; #{{}}");

        Assert.Contains("a service needs a name: write `const name = ", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_module_of_ones_own_by_that_name_comes_first()
    {
        var set = await _site.LoadGoodAsync("import \"own\" as smtp; const scan = smtp::connect(#{}); print(scan); #{}", ("own.vsl", "fn connect(options) { 5 }"));

        Assert.Empty(set.Services);
    }
}
