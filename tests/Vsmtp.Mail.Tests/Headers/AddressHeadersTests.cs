using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Vsmtp.Mail.Addresses;
using Vsmtp.Mail.Headers;

namespace Vsmtp.Mail.Tests.Headers;

/// <summary>From and To changed address by address (RFC 5322 §3.4), all other bytes kept.</summary>
public sealed class AddressHeadersTests
{
    private static readonly MailAddress Old = MailAddress.Parse("a@b.org");
    private static readonly MailAddress New = MailAddress.Parse("new@x.org");

    [Theory]
    [InlineData("To: a@b.org, c@d.org", "To: new@x.org, c@d.org")]
    [InlineData("TO:  a@B.ORG\t,c@d.org ", "TO:  new@x.org\t,c@d.org ")]
    [InlineData("To: aa@b.org, a@b.org.uk, a@b.org", "To: aa@b.org, a@b.org.uk, new@x.org")]
    [InlineData("To: A <a@b.org>,\r\n \"x, a@b.org\" <c@d.org>", "To: A <new@x.org>,\r\n \"x, a@b.org\" <c@d.org>")]
    [InlineData("To: (a@b.org, \\) (in)) a@b.org (me)", "To: (a@b.org, \\) (in)) new@x.org (me)")]
    [InlineData("To: @ x=\"y:\" z, a@b.org", "To: @ x=\"y:\" z, new@x.org")]
    [InlineData("To: Team: Ann <a@b.org>, b@b.org;, a@b.org", "To: Team: Ann <new@x.org>, b@b.org;, new@x.org")]
    [InlineData("To: \"a\"@b.org", "To: new@x.org")]
    [InlineData("To: a (c) . b@x.org, a\r\n @ b.org (d)", "To: a (c) . b@x.org, new@x.org (d)")]
    [InlineData("To: <@r.org,@s.org:a@b.org>", "To: <@r.org,@s.org:new@x.org>")]
    [InlineData("To: =?utf-8?q?a=40b.org?= <c@d.org>, ,a@b.org,", "To: =?utf-8?q?a=40b.org?= <c@d.org>, ,new@x.org,")]
    [InlineData("To: é <a@b.org>", "To: é <new@x.org>")]
    [InlineData("To: John a@b.org", null)]
    [InlineData("To: c@d.org", null)]
    [InlineData("To: undisclosed-recipients:;", null)]
    public void An_address_is_replaced_where_it_stands(string field, string? expected) =>
        Changes(field, expected, (headers) => AddressHeaders.ReplaceRecipient(headers, Old, New));

    [Theory]
    [InlineData("To: c@d.org", "To: c@d.org, new@x.org")]
    [InlineData("To: \"C, D\" <c@d.org> (x)  ", "To: \"C, D\" <c@d.org> (x), new@x.org  ")]
    [InlineData("To: undisclosed-recipients:;", "To: undisclosed-recipients:;, new@x.org")]
    [InlineData("To: c@d.org,", "To: c@d.org, new@x.org")]
    [InlineData("To:", "To: new@x.org")]
    [InlineData("To:\r\n c@d.org", "To:\r\n c@d.org, new@x.org")]
    public void A_mailbox_is_added_behind_the_others(string field, string expected) =>
        Changes(field, expected, headers => AddressHeaders.AddRecipient(headers, New));

    [Theory]
    [InlineData("To: a@b.org, c@d.org", "To: c@d.org")]
    [InlineData("To: c@d.org, a@b.org", "To: c@d.org")]
    [InlineData("To: c@d.org, \"A, B\" <a@b.org> (x), e@f.org", "To: c@d.org, e@f.org")]
    [InlineData("To: c@d.org,\r\n A <a@b.org>,\r\n e@f.org", "To: c@d.org,\r\n e@f.org")]
    [InlineData("To: c@d.org, a@b.org,\r\n e@f.org", "To: c@d.org,\r\n e@f.org")]
    [InlineData("To: c@d.org,\r\n a@b.org", "To: c@d.org")]
    [InlineData("To:\r\n\ta@b.org,\r\n\tc@d.org", "To:\r\n\tc@d.org")]
    [InlineData("To: a@b.org, c@d.org, <a@b.org>", "To: c@d.org")]
    [InlineData("To: aa@b.org, a@b.org, a@b.org.x", "To: aa@b.org, a@b.org.x")]
    [InlineData("To: Team: a@b.org, c@d.org;, e@f.org", "To: Team: c@d.org;, e@f.org")]
    [InlineData("To: Team: a@b.org;, e@f.org", "To: Team: ;, e@f.org")]
    [InlineData("To: a@b.org, Team: c@d.org;", "To: Team: c@d.org;")]
    [InlineData("To: a@b.org, a@b.org", "To: a@b.org")]
    [InlineData("To: a@b.org", null)]
    [InlineData("To: Team: a@b.org;", null)]
    [InlineData("To: aa@b.org, a@b.orgs", null)]
    public void A_mailbox_is_taken_out_with_its_comma_but_never_the_last(string field, string? expected) =>
        Changes(field, expected, headers => AddressHeaders.RemoveRecipient(headers, Old));

    [Theory]
    [InlineData("FROM: \"A\" <a@b.org>,\r\n c@d.org", "FROM: new@x.org")]
    [InlineData("From: not an address (", "From: new@x.org")]
    public void The_author_is_set_in_the_fields_own_place(string field, string expected) =>
        Changes(field, expected, headers => AddressHeaders.SetSender(headers, New));

    [Theory]
    [InlineData("To: (open, a@b.org")]
    [InlineData("To: \"open, a@b.org")]
    [InlineData("To: <a@b.org")]
    [InlineData("To: Team: a@b.org, c@d.org")]
    [InlineData("To: a@[1.2.3.4, b@c.org")]
    [InlineData("To: a@b.org \"\\")]
    public void A_list_that_does_not_end_is_left_alone(string field)
    {
        var headers = Block(field);

        Assert.Equal(HeaderFault.Unreadable, AddressHeaders.AddRecipient(headers, New));
        Assert.Equal(HeaderFault.Unreadable, AddressHeaders.RemoveRecipient(headers, Old));
        Assert.Equal(HeaderFault.Unreadable, AddressHeaders.ReplaceRecipient(headers, Old, New));
        Assert.Empty(headers.Edits);
    }

    [Fact]
    public void What_is_not_there_is_added()
    {
        var headers = HeaderBlock.Parse("Subject: s\r\n\r\n"u8.ToArray());

        AddressHeaders.SetSender(headers, Old);
        AddressHeaders.AddRecipient(headers, New);

        Assert.Equal("Subject: s\r\nFrom: a@b.org\r\nTo: new@x.org\r\n\r\n", Text(headers));
        Assert.Equal(HeaderFault.NotFound, AddressHeaders.RemoveRecipient(HeaderBlock.Parse("\r\n"u8.ToArray()), Old));
    }

    [Fact]
    public void Of_several_authors_fields_one_is_left()
    {
        var headers = HeaderBlock.Parse("From: a@b.org\r\nSubject: s\r\nfrom: c@d.org\r\n\r\n"u8.ToArray());

        AddressHeaders.SetSender(headers, New);

        Assert.Equal("Subject: s\r\nFrom: new@x.org\r\n\r\n", Text(headers));
    }

    [Fact]
    public void Long_lists_are_folded_and_never_beyond_the_limit()
    {
        var headers = HeaderBlock.Parse("To: first@example.org\r\n\r\n"u8.ToArray());
        for (var i = 0; i < 200; i++) AddressHeaders.AddRecipient(headers, MailAddress.Parse($"recipient{i}@example.org"));
        var longName = HeaderBlock.Parse(Encoding.ASCII.GetBytes($"To: \"{new string('x', 975)}\" <a@b.org>\r\n\r\n"));
        AddressHeaders.ReplaceRecipient(longName, Old, MailAddress.Parse($"{new string('n', 60)}@example.org"));

        Assert.All(Text(headers).Split("\r\n"), line => Assert.InRange(line.Length, 0, 78));
        Assert.All(Text(longName).Split("\r\n"), line => Assert.InRange(line.Length, 0, 998));
        Assert.Equal(201, Addresses(headers).Count);
        Assert.Single(Addresses(longName));
    }

    [Fact]
    public void Whatever_the_list_other_mailboxes_stay_and_changes_can_be_made_again() => Prop.ForAll(Lists, field =>
    {
        var before = Block(field);
        if (!AddressListField.TryRead(before.Fields[1], out var list)) return true;
        var others = list.Addresses.Where(address => address != Old).ToList();
        var removed = Block(field);
        AddressHeaders.RemoveRecipient(removed, Old);
        var added = Block(field);
        AddressHeaders.AddRecipient(added, New);
        var replaced = Block(field);
        AddressHeaders.ReplaceRecipient(replaced, Old, New);
        return Addresses(removed).Where(address => address != Old).SequenceEqual(others)
            && Addresses(added).SequenceEqual(list.Addresses.Append(New))
            && Addresses(replaced).SequenceEqual(list.Addresses.Select(address => address == Old ? New : address))
            && new[] { removed, added, replaced }.All(changed => Text(Again(field, changed)) == Text(changed) && changed.Fields.Count == 3);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_list_that_is_changed_often_is_recorded_once_and_is_the_same_again()
    {
        var headers = Block("To: a@b.org");
        AddressHeaders.AddRecipient(headers, New);
        headers.Prepend("X-Other", "1");
        AddressHeaders.RemoveRecipient(headers, Old);
        headers.Rename("X-After", "To");
        AddressHeaders.AddRecipient(headers, Old);

        Assert.Equal(4, headers.Edits.Count);
        Assert.Equal(Text(headers), Text(Again("To: a@b.org", headers)));
        Assert.StartsWith("X-Other: 1\r\nX-Before: 1\r\nTo: new@x.org, a@b.org\r\nTo:2", Text(headers), StringComparison.Ordinal);
    }

    private static readonly Arbitrary<string> Lists = Gen.Elements(
            "a@b.org", "A <a@b.org>", "c@d.org", "\"q, \\\" ;\" <e@f.org>", "(c, (n)) ", ",", ", ", ",\r\n ", "G:", ";", " ", "\r\n\t", "<", ">", "\"", "é", "x")
        .ListOf().Select(parts => $"To:{string.Concat(parts)}x@y.org").ToArbitrary();

    private static void Changes(string field, string? expected, Func<HeaderBlock, HeaderFault> change)
    {
        var headers = Block(field);

        var fault = change(headers);

        Assert.Equal(expected is null ? HeaderFault.NotFound : HeaderFault.None, fault);
        Assert.Equal($"X-Before: 1\r\n{expected ?? field}\r\nX-After:2\r\n\r\n", Text(headers));
        Assert.Equal(Text(headers), Text(Again(field, headers)));
    }

    private static HeaderBlock Again(string field, HeaderBlock changed)
    {
        var again = Block(field);
        foreach (var edit in changed.Edits) again.Apply(edit);
        return again;
    }

    private static List<MailAddress> Addresses(HeaderBlock headers)
    {
        Assert.True(AddressListField.TryRead(headers.Find("To")!.Value, out var list));
        return [.. list.Addresses];
    }

    private static HeaderBlock Block(string field) => HeaderBlock.Parse(Encoding.UTF8.GetBytes($"X-Before: 1\r\n{field}\r\nX-After:2\r\n\r\n"));

    private static string Text(HeaderBlock headers) => Encoding.UTF8.GetString(headers.ToArray());
}
