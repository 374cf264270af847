using Vsmtp.Rules.Api;
using Vsmtp.Rules.Loading;
using Vsmtp.Rules.Objects;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Tests.Loading;

/// <summary>What functions give is known from their signatures, under every name by which they are called without a module.</summary>
public sealed class ApiFactsTests
{
    [Theory]
    [InlineData("get_root_domain", "string")]
    [InlineData("faccept", "Status")]
    [InlineData("new_address", "object:address")]
    [InlineData("rewrite_to", "()")]
    [InlineData("has_header", "bool")]
    [InlineData("server_port", "i64")]
    [InlineData("dkim_verify", "map")]
    [InlineData("env", null)]
    [InlineData("code", null)]
    [InlineData("get", null)]
    [InlineData("msg::get_header", null)]
    public void A_function_of_the_program_has_the_type_of_its_signature(string name, string? type) =>
        Assert.Equal(type, ApiFacts.ResultTypes(ApiTable.All).GetValueOrDefault(name));

    [Fact]
    public void A_name_has_a_type_only_where_all_that_it_may_call_give_the_same()
    {
        var table = new ApiTable();
        table.Section("Any");
        table.Global(new ApiDoc("same() -> int", ""), Nothing);
        table.Global(new ApiDoc("same(x: any) -> int", "") { Older = ["alias"] }, Nothing);
        table.Global(new ApiDoc("alias(x: any, y: any) -> string", ""), Nothing);
        table.Global(new ApiDoc("differs() -> int", ""), Nothing);
        table.Global(new ApiDoc("differs(x: any)", ""), Nothing);
        table.Global(new ApiDoc("both(x: any) -> int", ""), Nothing);
        table.Method<AddressObject>("address", new ApiDoc("both() -> string", ""), Nothing);
        table.Method<AddressObject>("address", new ApiDoc("method() -> string", ""), Nothing);
        table.Global(new ApiDoc("either() -> string or ()", ""), Nothing);
        table.Global(new ApiDoc("module::newer() -> int", ""), Nothing);

        Assert.Equal([KeyValuePair.Create("same", "i64")], ApiFacts.ResultTypes(table));
    }

    private static Completion Nothing(HostCall call, ReadOnlySpan<Value> arguments) => Completion.Unit;
}
