using Vsmtp.Rules.Functions;
using Vsmtp.Rules.Loading;
using Vsmtp.Rules.Objects;
using Vsmtp.Rules.Services;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Tests;

/// <summary>Readers of text over random input: they answer, they never throw, and what they accept reads back.</summary>
public sealed class ObjectPropertyTests
{
    private static readonly string[] Pieces =
    [
        "192.0.2.1", "2001:db8::1", "/24", "/129", "[", "]", "::", ".", "@", "john", "example.com", "\"", "\\", " ", "250", "5.7.1", "\r", "\n",
        "\0", "é", "\uD83D", "😀", "(", ")", "(?=", "*", "+", "{1000}", "^", "$", "|", "s", "ms", "1m", "99999999999999999999", ":", "10025", "%eth0", "-", "_", "..", "/",
    ];

    [Fact]
    public void Every_kind_answers_any_text()
    {
        var random = new Random(20260304);
        for (var i = 0; i < 20_000; i++)
        {
            var text = Text(random);
            foreach (var kind in (string[])[.. ObjectText.LineKinds, "code"])
            {
                var made = ObjectText.Parse(kind, text);
                Assert.True(made.IsValue || made.Failure!.Message.Length > 0);
                if (made.IsValue && kind is "ip4" or "ip6" or "rg4" or "rg6" or "address" or "code")
                {
                    Assert.Equal(made.Value, ObjectText.Parse(kind, made.Value.ToText()).Value);
                }
            }
        }
    }

    [Fact]
    public void A_reply_never_has_a_character_that_ends_its_line_early()
    {
        var random = new Random(5);
        for (var i = 0; i < 50_000; i++)
        {
            if (!ReplyText.TryParse($"250 {Text(random)}", out var reply, out _)) continue;
            Assert.DoesNotContain(reply.Text.Replace("\r\n", "", StringComparison.Ordinal), char.IsControl);
        }
    }

    [Fact]
    public void Durations_endpoints_and_names_answer_any_text()
    {
        var random = new Random(7);
        for (var i = 0; i < 50_000; i++)
        {
            var text = Text(random);
            if (DurationText.TryParse(text, out var duration)) Assert.InRange(duration, TimeSpan.Zero, TimeSpan.FromDays(3650));
            if (EndpointText.TryParse(text, out _, out var port)) Assert.InRange(port, 1, 65535);
            if (QuarantineName.IsValid(text)) Assert.DoesNotContain("..", text.Split('/'));
        }
    }

    [Fact]
    public void Words_of_any_text_lie_where_they_say()
    {
        var random = new Random(11);
        string[] marks = ["/*", "*/", "//", "`", "${", "}", "#{", "\"", "'", "\\", "fn", "lookup(", "[", "]", "\n"];
        for (var i = 0; i < 20_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ =>
                random.Next(2) == 0 ? marks[random.Next(marks.Length)] : Text(random)));
            var lines = text.Split('\n');
            foreach (var word in ScriptWords.Of(new ScriptFile("x", text)).Where(w => w.Kind is not ScriptWordKind.String))
            {
                Assert.StartsWith(word.Text, lines[word.Span.Line - 1][(word.Span.Column - 1)..], StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("60s", 60_000)]
    [InlineData("1m 30s", 90_000)]
    [InlineData("1m30s", 90_000)]
    [InlineData("500ms", 500)]
    [InlineData("2 hours", null)]
    [InlineData("2hours", 7_200_000)]
    [InlineData("", null)]
    [InlineData("60", null)]
    [InlineData("-5s", null)]
    [InlineData("1.5s", null)]
    [InlineData("999999999999w", null)]
    public void Durations_are_numbers_with_units(string text, int? milliseconds)
    {
        Assert.Equal(milliseconds is not null, DurationText.TryParse(text, out var duration));
        if (milliseconds is { } expected) Assert.Equal(TimeSpan.FromMilliseconds(expected), duration);
    }

    private static string Text(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => Pieces[random.Next(Pieces.Length)]));
}
