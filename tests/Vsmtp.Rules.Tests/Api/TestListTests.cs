using System.Reflection;
using System.Text.RegularExpressions;
using Vsmtp.Rules.Api;

namespace Vsmtp.Rules.Tests.Api;

/// <summary>docs/vsl-api-tests.md: each function with its tests, none missing.</summary>
public sealed class TestListTests
{
    private const string Own = "Vsmtp.Rules.Tests";

    /// <summary>What the specification has beside functions and constants of the table.</summary>
    private static readonly string[] Beside =
    [
        "status.to_string()", "status.to_debug()", "recipients.local_parts", "recipients.domains", "array.local_parts", "array.domains",
        "address.local_part", "address.domain", "print(x)", "service.receiver_address", "service.to_string()", "toml::server", "toml::app", "delegate",
    ];

    private static readonly string Sources = Path.Combine(ReferenceTests.Root(), "tests");

    private static readonly ListedFunction[] All =
        [.. ListedFunction.Read(File.ReadAllText(Path.Combine(ReferenceTests.Root(), "docs", "vsl-api-tests.md")))];

    public static IEnumerable<TheoryDataRow<ListedFunction>> Listed() => All.Select(listed => new TheoryDataRow<ListedFunction>(listed) { TestDisplayName = listed.Call });

    [Fact]
    public void Every_function_is_listed_once_with_all_its_names_and_its_rows() => Assert.Equal(
        ApiTable.All.Functions.Select(f => $"{Call(f)} {string.Join(' ', f.Doc.Newer.Concat(f.Doc.Older))} {ApiTableTests.Key(f)}").Order(StringComparer.Ordinal),
        All.Where(listed => listed.Rows is not null).Select(listed => $"{listed.Call} {string.Join(' ', listed.Others)} {listed.Rows}").Order(StringComparer.Ordinal));

    [Fact]
    public void Every_constant_and_what_else_there_is_is_listed_once() => Assert.Equal(
        ApiTable.All.Constants.Select(constant => constant.Name ?? $"{constant.Newer[0]}()").Concat(Beside).Order(StringComparer.Ordinal),
        All.Where(listed => listed.Rows is null).Select(listed => listed.Call).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_name_of_the_specification_is_listed()
    {
        var known = All.SelectMany(listed => listed.Names.Select(name => $"{name}/{listed.ParameterCount}")).ToHashSet();
        var wanted = $"{SpecificationTests.Earlier} {SpecificationTests.Newer} {SpecificationTests.OnValues}".Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);

        Assert.Empty(wanted.Except(known));
    }

    [Theory]
    [MemberData(nameof(Listed))]
    public void Its_tests_are_there_and_one_of_them_speaks_of_it(ListedFunction listed)
    {
        if (listed.Rows is { } rows) Assert.Contains(ApiRows.All, row => row.Function == rows);
        Assert.NotEmpty(listed.Tests);
        Assert.Distinct(listed.Tests);
        var sources = listed.Tests.Select(SourceOf).ToList();
        var name = $@"(?<![\w:])({string.Join('|', listed.Names.Select(Regex.Escape))})\b";
        Assert.Contains(sources, source => Regex.IsMatch(source, name));
    }

    /// <summary>Fails when it is no test.</summary>
    /// <returns>Its text; of one whose data stand elsewhere in the file, the whole file.</returns>
    private static string SourceOf(string test)
    {
        var (project, name) = test.Split('/') is [var other, var inner] ? (other, inner) : (Own, test);
        Assert.True(name.Split('.') is [_, _], $"{test} is not Class.Method or Project/Class.Method");
        var (type, method) = (name.Split('.')[0], name.Split('.')[1]);
        if (project == Own) Assert.True(IsOwnTest(type, method), $"{test} is no test of {Own}");
        var files = Directory.EnumerateFiles(Path.Combine(Sources, project), "*.cs", SearchOption.AllDirectories)
            .Select(File.ReadAllText)
            .Where(text => Regex.IsMatch(text, $@"\bclass {type}\b"))
            .ToList();
        var found = files.Select(text => TestIn(text, method)).FirstOrDefault(text => text is not null);
        Assert.True(found is not null, $"No file of tests/{project} with the class {type} has the test {method}");
        return found;
    }

    private static bool IsOwnTest(string type, string method) => typeof(TestListTests).Assembly.GetTypes()
        .Where(candidate => candidate.Name == type)
        .SelectMany(candidate => candidate.GetMethods())
        .Any(candidate => candidate.Name == method && candidate.GetCustomAttributes<FactAttribute>().Any());

    /// <summary>What stands between blank lines and has attributes in front; a body goes on to the next member.</summary>
    private static string? TestIn(string text, string method)
    {
        if (Regex.Match(text, $@"public (async )?(Task|void) {method}\(") is not { Success: true, Index: var at }) return null;
        var start = text.LastIndexOf("\n\n", at, StringComparison.Ordinal);
        if (!Regex.IsMatch(text[start..at], @"\[(Fact|Theory)\b")) return null;
        var end = Regex.Match(text[at..], @"\n\n    \S|\n\}") is { Success: true, Index: var length } ? at + length : text.Length;
        return text[start..at].Contains("MemberData", StringComparison.Ordinal) ? text : text[start..end];
    }

    private static string Call(ApiFunction function) =>
        $"{(function.ReceiverWord is { } receiver ? $"{receiver}." : "")}{function.Name}({string.Join(", ", function.Signature.Parameters.Select(p => p.Name))})";
}
