// Evaluates the expressions of admission policies and match conditions by cel-go, the library that the API server itself
// evaluates them by, set up as the API server of Kubernetes 1.30 sets it up, its cost limit included.
//
// In: a JSON array of {expression, operation, object, oldObject} on standard input. Out: an array of {value, cost, error}.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/ext"
)

// Source: k8s.io/apiserver/pkg/apis/cel, PerCallLimit.
const costLimit = 1000000

type question struct {
	Expression string `json:"expression"`
	Operation  string `json:"operation"`
	Object     any    `json:"object"`
	OldObject  any    `json:"oldObject"`
}

type answer struct {
	Value bool   `json:"value"`
	Cost  uint64 `json:"cost"`
	Error string `json:"error"`
}

func main() {
	env, err := cel.NewEnv(
		cel.HomogeneousAggregateLiterals(), cel.EagerlyValidateDeclarations(true), cel.DefaultUTCTimeZone(true),
		cel.CrossTypeNumericComparisons(true), cel.OptionalTypes(), ext.Strings(ext.StringsVersion(2)), ext.Sets(),
		cel.Variable("object", cel.DynType), cel.Variable("oldObject", cel.DynType), cel.Variable("request", cel.DynType))
	exitOn(err)
	var questions []question
	decoder := json.NewDecoder(os.Stdin)
	decoder.UseNumber()
	exitOn(decoder.Decode(&questions))
	answers := make([]answer, 0, len(questions))
	programs := map[string]cel.Program{}
	for _, question := range questions {
		answers = append(answers, evaluate(env, programs, question))
	}
	exitOn(json.NewEncoder(os.Stdout).Encode(answers))
}

func evaluate(env *cel.Env, programs map[string]cel.Program, question question) answer {
	program, ok := programs[question.Expression]
	if !ok {
		ast, issues := env.Compile(question.Expression)
		if issues.Err() != nil {
			return answer{Error: issues.Err().Error()}
		}
		if kind := ast.OutputType(); !kind.IsExactType(cel.BoolType) {
			return answer{Error: fmt.Sprintf("the expression is of type %s, but must be bool", kind)}
		}
		var err error
		program, err = env.Program(ast, cel.EvalOptions(cel.OptOptimize), cel.CostLimit(costLimit))
		if err != nil {
			return answer{Error: err.Error()}
		}
		programs[question.Expression] = program
	}
	value, details, err := program.Eval(map[string]any{
		"object": plain(question.Object), "oldObject": plain(question.OldObject),
		"request": map[string]any{"operation": question.Operation},
	})
	result := answer{}
	if details != nil && details.ActualCost() != nil {
		result.Cost = *details.ActualCost()
	}
	if err != nil {
		result.Error = err.Error()
		return result
	}
	result.Value = value.Value().(bool)
	return result
}

// Numbers as the API server has them: integers where they are.
func plain(value any) any {
	switch value := value.(type) {
	case json.Number:
		if integer, err := value.Int64(); err == nil {
			return integer
		}
		float, _ := value.Float64()
		return float
	case []any:
		for i := range value {
			value[i] = plain(value[i])
		}
	case map[string]any:
		for key := range value {
			value[key] = plain(value[key])
		}
	}
	return value
}

func exitOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
