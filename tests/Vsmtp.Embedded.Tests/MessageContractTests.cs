using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Emit;
using Orleans;
using Orleans.Runtime;
using Vsmtp.Embedded.Messages;

namespace Vsmtp.Embedded.Tests;

/// <summary>The fixtures are nested here, where no grain class uses them, so that hosts of this assembly start.</summary>
public sealed class MessageContractTests
{
    [Fact]
    public void The_grains_of_these_tests_have_no_fault() =>
        Assert.Empty(MessageContract.CheckTypes(typeof(MessageContractTests).Assembly.GetTypes().Where(type => !type.IsNested)));

    [Fact]
    public void Check_looks_at_a_whole_assembly() =>
        Assert.Contains(MessageContract.Check(typeof(MessageContractTests).Assembly), fault => fault.Where.Contains("IMethods", StringComparison.Ordinal));

    [Fact]
    public void A_good_message_has_no_fault() => Assert.Empty(Faults<Good>());

    [Theory]
    [InlineData(typeof(Unmarked), "[GenerateSerializer]")]
    [InlineData(typeof(Nameless), "no [Alias]")]
    [InlineData(typeof(Settable), "Settable.Text: can be set")]
    [InlineData(typeof(WithoutId), "WithoutId.Lost: has no [Id]")]
    [InlineData(typeof(IgnoredWithoutId), "IgnoredWithoutId.Lost: has no [Id]")]
    [InlineData(typeof(TwiceTheId), "its id 7 is used twice")]
    [InlineData(typeof(WithArray), "WithArray.Bytes: System.Byte[]")]
    [InlineData(typeof(WithList), "WithList.Names: System.Collections.Generic.List")]
    [InlineData(typeof(DeepInside), "Settable.Text: can be set")]
    [InlineData(typeof(WithPrivateField), "WithPrivateField._count: can be set")]
    [InlineData(typeof(Open), "neither sealed nor abstract")]
    [InlineData(typeof(Family), "Member.Text: can be set")]
    [InlineData(typeof(Memory), "System.ReadOnlyMemory")]
    public void A_bad_message_is_found(Type message, string fault)
    {
        var faults = MessageContract.CheckTypes([typeof(ITakes<>).MakeGenericType(message)]);
        Assert.Contains(faults, found => found.ToString().Contains(fault, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Plain: returns System.Int32, not Task")]
    [InlineData("Nothing: returns System.Void, not Task")]
    [InlineData("Stream: returns System.Collections.Generic.IAsyncEnumerable")]
    [InlineData("Generic: a grain method is not generic")]
    [InlineData("ByRef(number): passed by ref")]
    [InlineData("Anything(thing): System.Object is neither")]
    [InlineData("the alias \"same\" names more than one method")]
    [InlineData("IMethods: has no [Alias]")]
    [InlineData("a grain interface has methods only")]
    public void A_bad_method_is_found(string fault) => Assert.Contains(
        MessageContract.CheckTypes([typeof(IMethods)]), found => found.ToString().Contains(fault, StringComparison.Ordinal));

    [Fact]
    public void One_alias_for_two_types_is_found() => Assert.Contains(
        MessageContract.CheckTypes([typeof(ITakes<Good>), typeof(ITakes<SameAlias>)]),
        found => found.What.Contains("its alias \"test.good\" is that of", StringComparison.Ordinal));

    [Theory]
    [InlineData(typeof(int), FieldAttributes.Static, true)]
    [InlineData(typeof(int), FieldAttributes.Static | FieldAttributes.InitOnly, false)]
    [InlineData(typeof(Dictionary<string, int>), FieldAttributes.Static | FieldAttributes.InitOnly, true)]
    [InlineData(typeof(int[]), FieldAttributes.Static | FieldAttributes.InitOnly, true)]
    [InlineData(typeof(int), (FieldAttributes)0, false)]
    public void A_static_field_that_can_change_is_found_in_a_grain_class(Type fieldType, FieldAttributes kind, bool isFault)
    {
        var faults = MessageContract.CheckTypes([GrainClass(type => type.DefineField("_shared", fieldType, FieldAttributes.Private | kind))]);
        Assert.Equal(isFault, faults.Any(found => found.Where.EndsWith("._shared", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_static_property_or_one_of_a_base_class_is_found() => Assert.Contains(
        MessageContract.CheckTypes([GrainClass(_ => { }, typeof(GrainBase))]),
        found => found.Where.Contains("Shared", StringComparison.Ordinal));

    [Fact]
    public void One_state_name_for_two_grain_classes_is_found()
    {
        var one = GrainClass(type => DefineState(type, typeof(Good), "shared"));
        var two = GrainClass(type => DefineState(type, typeof(Good), "shared"));
        Assert.Contains(MessageContract.CheckTypes([one, two]), found => found.What.StartsWith("its state name \"shared\" is that of", StringComparison.Ordinal));
    }

    [Fact]
    public void A_state_that_cannot_begin_empty_is_found() => Assert.Contains(
        MessageContract.CheckTypes([GrainClass(type => DefineState(type, typeof(Positional), "positional"))]),
        found => found.What.StartsWith("a state begins empty", StringComparison.Ordinal));

    private static ImmutableArray<ContractFault> Faults<T>() => MessageContract.CheckTypes([typeof(ITakes<T>)]);

    private static Type GrainClass(Action<TypeBuilder> fill, Type? parent = null)
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Grains"), AssemblyBuilderAccess.RunAndCollect);
        var type = assembly.DefineDynamicModule("Grains").DefineType("SomeGrain" + Guid.NewGuid(), TypeAttributes.Public, parent ?? typeof(Grain));
        fill(type);
        return type.CreateType();
    }

    private static void DefineState(TypeBuilder type, Type state, string name)
    {
        var constructor = type.DefineConstructor(MethodAttributes.Public, CallingConventions.HasThis, [typeof(IPersistentState<>).MakeGenericType(state)]);
        constructor.DefineParameter(1, ParameterAttributes.None, "state").SetCustomAttribute(new CustomAttributeBuilder(
            typeof(PersistentStateAttribute).GetConstructors()[0], [name, null]));
        constructor.GetILGenerator().Emit(OpCodes.Ret);
    }

    public abstract class GrainBase : Grain
    {
        public static int Shared { get; set; }
    }

    [Alias("test.takes")]
    public interface ITakes<T> : IGrainWithStringKey
    {
        [Alias("take")]
        Task Take(T message, CancellationToken cancellationToken);

        [Alias("give")]
        ValueTask<ImmutableArray<T>> Give();
    }

    public interface IMethods : IGrainWithStringKey
    {
        int Property { get; }

        int Plain();

        void Nothing();

        IAsyncEnumerable<int> Stream();

        Task Generic<T>();

        Task ByRef(ref int number);

        Task Anything(object thing);

        [Alias("same")]
        Task One();

        [Alias("same")]
        Task Other();
    }

    [GenerateSerializer, Alias("test.good")]
    public sealed record Good
    {
        [Id(0)] public string? Text { get; init; }

        [Id(1)] public required int Number { get; init; }

        [Id(2)] public DateTimeOffset? When { get; init; }

        [Id(3)] public ImmutableSortedDictionary<string, ImmutableArray<Inner>>? Many { get; init; }

        [Id(4)] public IGrainWithStringKey? Grain { get; init; }

        [Id(5)] public DayOfWeek Day { get; }

        [Id(6)] public Shape? Any { get; init; }

        public int Computed => Number + 1;
    }

    [GenerateSerializer, Alias("test.inner")]
    public readonly record struct Inner([property: Id(0)] string Text, [property: Id(1)] Uri? Where);

    [GenerateSerializer, Alias("test.shape")]
    public abstract record Shape
    {
        private Shape()
        {
        }

        [GenerateSerializer, Alias("test.shape.round")]
        public sealed record Round([property: Id(0)] int Radius) : Shape;
    }

    public sealed record Unmarked([property: Id(0)] string Text);

    [GenerateSerializer]
    public sealed record Nameless([property: Id(0)] string Text);

    [GenerateSerializer, Alias("test.settable")]
    public sealed record Settable
    {
        [Id(0)] public string Text { get; set; } = "";
    }

    [GenerateSerializer, Alias("test.without-id")]
    public sealed record WithoutId([property: Id(0)] string Text, string Lost);

    [GenerateSerializer, Alias("test.ignored-without-id")]
    public sealed record IgnoredWithoutId
    {
        [System.Text.Json.Serialization.JsonIgnore] public string Lost { get; init; } = "";
    }

    [GenerateSerializer, Alias("test.twice-the-id")]
    public sealed record TwiceTheId([property: Id(7)] string One, [property: Id(7)] string Two);

    [GenerateSerializer, Alias("test.with-array")]
    public sealed record WithArray([property: Id(0)] byte[] Bytes);

    [GenerateSerializer, Alias("test.with-list")]
    public sealed record WithList([property: Id(0)] List<string> Names);

    [GenerateSerializer, Alias("test.deep-inside")]
    public sealed record DeepInside([property: Id(0)] ImmutableArray<Settable?> Inside);

    [GenerateSerializer, Alias("test.with-private-field")]
    public sealed class WithPrivateField
    {
        [Id(0)] private int _count;

        public int Count() => ++_count;
    }

    [GenerateSerializer, Alias("test.open")]
#pragma warning disable CA1852 // the fault that is looked for
    public record Open([property: Id(0)] string Text);
#pragma warning restore CA1852

    [GenerateSerializer, Alias("test.family")]
    public abstract record Family;

    [GenerateSerializer, Alias("test.member")]
    public sealed record Member : Family
    {
        [Id(0)] public string Text { get; set; } = "";
    }

    [GenerateSerializer, Alias("test.memory")]
    public sealed record Memory([property: Id(0)] ReadOnlyMemory<byte> Bytes);

    [GenerateSerializer, Alias("test.good")]
    public sealed record SameAlias([property: Id(0)] int Number);

    [GenerateSerializer, Alias("test.positional")]
    public sealed record Positional([property: Id(0)] int Number);
}
