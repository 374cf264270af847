using System.Text;
using Vsmtp.Mail.Headers;

namespace Vsmtp.Mail.Tests.Headers;

/// <summary>Header sections (RFC 5322 §2.2), also in UTF-8 (RFC 6532): every octet is kept.</summary>
public sealed class HeaderBlockTests
{
    private const string Message =
        "Received: from a\r\n\tby b\r\nsubject:  Hello\r\n  world \r\nX-A: 1\r\nto: x\r\nX-A: 2\r\n\r\nX-A: body\r\n";

    private static HeaderBlock Block(string text = Message) => HeaderBlock.Parse(Encoding.Latin1.GetBytes(text));

    private static string Text(HeaderBlock block) => Encoding.Latin1.GetString(block.ToArray());

    [Fact]
    public void The_section_ends_with_the_first_empty_line()
    {
        var block = Block();
        Assert.True(block.HasEmptyLine);
        Assert.Equal("X-A: body\r\n", Message[block.ParsedBytes..]);
        Assert.Equal(Message[..block.ParsedBytes], Text(block));
        Assert.Equal(2, block.Count("x-a"));
    }

    [Fact]
    public void A_value_is_unfolded_and_loses_its_first_blanks_only()
    {
        var block = Block();
        Assert.Equal("Hello  world ", block.Get("Subject"));
        Assert.Equal("from a\tby b", block.Get("RECEIVED"));
        Assert.Equal(["1", "2"], block.GetAll("X-A"));
        Assert.Null(block.Get("X-B"));
        Assert.False(block.Has("X"));
        Assert.False(block.Has(""));
    }

    [Fact]
    public void A_line_that_is_no_field_ends_nothing()
    {
        const string text = "From someone Mon 12:00\r\nSubject: x\r\nno colon here\r\n: no name\r\nb ad: y\r\nX-Virus: yes\r\n\r\nbody";
        var block = Block(text);
        Assert.Equal("yes", block.Get("X-Virus"));
        Assert.Equal(4, block.Fields.Count(field => field.IsOpaque));
        Assert.Equal("body", text[block.ParsedBytes..]);
        Assert.Equal(text[..^4], Text(block));
    }

    [Fact]
    public void A_blank_before_the_colon_belongs_to_no_name() => Assert.Equal("x", Block("Subject \t: x\r\n\r\n").Get("subject"));

    [Fact]
    public void A_line_of_blanks_is_no_empty_line()
    {
        var block = Block("A: 1\r\n \r\nB: 2\r\n\r\n");
        Assert.Equal("2", block.Get("B"));
        Assert.Equal("1 ", block.Get("A"));
    }

    [Theory]
    [InlineData("", false, 0)]
    [InlineData("\r\n", true, 2)]
    [InlineData("\n", true, 1)]
    [InlineData("\r", false, 1)]
    [InlineData("A: 1", false, 4)]
    [InlineData("A: 1\r\n", false, 6)]
    [InlineData("A: 1\n\nbody", true, 6)]
    [InlineData(" A: 1\r\n\r\nbody", true, 9)]
    public void Odd_ends_are_told_apart(string text, bool hasEmptyLine, int bytes)
    {
        var block = Block(text);
        Assert.Equal((hasEmptyLine, bytes), (block.HasEmptyLine, block.ParsedBytes));
        Assert.Equal(hasEmptyLine, HeaderBlock.TryFindEnd(Encoding.Latin1.GetBytes(text), out _));
        Assert.Equal(text[..bytes], Text(block));
    }

    [Fact]
    public void A_value_is_utf8_or_else_latin1()
    {
        Assert.Equal("é", HeaderBlock.Parse("A: é\r\n\r\n"u8.ToArray()).Get("a"));
        Assert.Equal("é", Block("A: é\r\n\r\n").Get("a"));
    }

    [Fact]
    public void Fields_are_added_at_both_ends()
    {
        var block = Block("A: 1\r\n\r\n");
        Assert.Equal(HeaderFault.None, block.Prepend("First", "é"));
        Assert.Equal(HeaderFault.None, block.Append("Last", ""));
        Assert.Equal("First: é\r\nA: 1\r\nLast: \r\n\r\n", Encoding.UTF8.GetString(block.ToArray()));
    }

    [Fact]
    public void Set_replaces_the_first_with_its_folds_or_adds()
    {
        var block = Block();
        block.Set("SUBJECT", "new");
        block.Set("x-a", "3");
        block.Set("X-B", "4");
        Assert.Equal("Received: from a\r\n\tby b\r\nSUBJECT: new\r\nx-a: 3\r\nto: x\r\nX-A: 2\r\nX-B: 4\r\n\r\n", Text(block));
    }

    [Fact]
    public void Remove_takes_the_first_and_remove_all_the_rest()
    {
        var block = Block();
        Assert.True(block.Remove("x-a"));
        Assert.Equal(["2"], block.GetAll("X-A"));
        Assert.Equal(1, block.RemoveAll("X-a"));
        Assert.False(block.Remove("X-A"));
        Assert.Equal(0, block.RemoveAll("X-A"));
        Assert.Equal("Received: from a\r\n\tby b\r\nsubject:  Hello\r\n  world \r\nto: x\r\n\r\n", Text(block));
    }

    [Fact]
    public void Rename_keeps_the_bytes_of_the_value()
    {
        var block = Block();
        Assert.Equal(HeaderFault.None, block.Rename("Subject", "X-Old"));
        Assert.Equal(HeaderFault.NotFound, block.Rename("Subject", "X-Old"));
        Assert.Equal(HeaderFault.BadName, block.Rename("To", "X Old"));
        Assert.Contains("X-Old:  Hello\r\n  world \r\n", Text(block), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("A", "x\r\nInjected: y", HeaderFault.BadValue)]
    [InlineData("A", "x\ny", HeaderFault.BadValue)]
    [InlineData("A", "x\ry", HeaderFault.BadValue)]
    [InlineData("A", "x\0y", HeaderFault.BadValue)]
    [InlineData("", "x", HeaderFault.BadName)]
    [InlineData("A:", "x", HeaderFault.BadName)]
    [InlineData("A B", "x", HeaderFault.BadName)]
    [InlineData("A\r\nB", "x", HeaderFault.BadName)]
    [InlineData("Ä", "x", HeaderFault.BadName)]
    public void An_edit_cannot_bring_in_more_than_one_field(string name, string value, HeaderFault fault)
    {
        var block = Block();
        Assert.Equal(fault, block.Prepend(name, value));
        Assert.Equal(fault, block.Append(name, value));
        Assert.Equal(fault, block.Set(name, value));
        Assert.Equal(Message[..block.ParsedBytes], Text(block));
        Assert.Empty(block.Edits);
    }

    [Fact]
    public void A_header_cut_off_is_completed_before_a_field_is_added()
    {
        var block = Block("A: 1");
        block.Append("B", "2");
        Assert.Equal("A: 1\r\nB: 2\r\n", Text(block));
        block.EnsureEmptyLine();
        block.EnsureEmptyLine();
        Assert.Equal("A: 1\r\nB: 2\r\n\r\n", Text(block));
    }

    [Fact]
    public void A_long_value_is_folded_at_white_space_and_reads_the_same()
    {
        var value = string.Join(' ', Enumerable.Range(0, 600).Select(i => $"word{i}"));
        var block = Block("\r\n");
        block.Append("X-Long", value);
        Assert.Equal(value, block.Get("X-Long"));
        var lines = Text(block).Split("\r\n");
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 998));
        Assert.All(lines[1..^2], line => Assert.StartsWith(" word", line, StringComparison.Ordinal));
    }

    [Fact]
    public void A_value_without_white_space_is_left_on_its_line()
    {
        var value = new string('x', 3000);
        var block = Block("\r\n");
        block.Append("X-Long", value + " end");
        Assert.Equal($"X-Long: {value}\r\n end\r\n\r\n", Text(block));
    }

    [Theory]
    [InlineData("X-Spam: yes\r\n")]
    [InlineData("x-SPAM :  folded\r\n\tand more \r\n   \u00ff\r\n")]
    [InlineData("X-Spam:\r\n")]
    public void A_field_of_another_message_is_appended_with_its_bytes(string field)
    {
        var block = Block("A: 1\r\n\r\nbody");
        Assert.Equal(HeaderFault.None, block.Append(Block($"{field}B: 2\r\n\r\n").Fields[0]));
        Assert.Equal($"A: 1\r\n{field}\r\n", Text(block));
        Assert.True(block.Has("X-Spam"));
    }

    [Theory]
    [InlineData("X-A: 1")]
    [InlineData("X-A: 1\r\nB: 2\r\n")]
    [InlineData("no field\r\n")]
    [InlineData("")]
    public void What_is_not_one_whole_field_is_not_appended(string field)
    {
        var block = Block("A: 1\r\n\r\n");
        Assert.Equal(HeaderFault.BadValue, block.Apply(new HeaderEdit.AppendField("X-A", field)));
        Assert.Equal(HeaderFault.BadName, block.Apply(new HeaderEdit.AppendField("X-B", "X-A: 1\r\n")));
        Assert.Equal("A: 1\r\n\r\n", Text(block));
        Assert.Empty(block.Edits);
    }

    [Fact]
    public void Edits_are_recorded_and_can_be_made_again()
    {
        var block = Block();
        block.Prepend("P", "1");
        block.Append("Q", "2");
        block.Set("Subject", "3");
        block.Remove("To");
        block.Rename("Received", "X-Received");
        block.RemoveAll("X-A");
        block.Remove("Nothing");
        block.Append(Block("X-F:\t1\r\n  ÿ2 \r\n\r\n").Fields[0]);

        var stored = System.Text.Json.JsonSerializer.Serialize(block.Edits);
        var again = Block();
        var edits = System.Text.Json.JsonSerializer.Deserialize<List<HeaderEdit>>(stored)!;
        Assert.All(edits, edit => Assert.Equal(HeaderFault.None, again.Apply(edit)));
        Assert.Equal(Text(block), Text(again));
        Assert.Equal(7, block.Edits.Count);
        Assert.Equal(block.Edits, again.Edits);
    }
}
